# language: id
# Pasal 27 ayat (6) Perban BSSN 4/2021: penanganan eror dan pencatatan log.
Fitur: Galat

  @KM-32
  Skenario: Masukan yang salah ditolak dengan pesan umum
    Diketahui pengaduan P1 dari pelapor A
    Ketika galat yang lazim dipancing dengan P1:
      | galat                       |
      | NIK yang kurang satu angka  |
      | alamat surel tanpa domain   |
      | nomor telepon berhuruf      |
      | token yang tidak dikenal    |
      | teks yang terlalu panjang   |
      | tanggal yang tidak ada      |
      | kategori yang tidak ada     |
      | isi kiriman yang bukan JSON |
    Maka tidak satu pun jawaban memuat bagian dalam aplikasi
    Dan tidak satu pun galat mengulang data pribadi atau token
    Dan peringatan: tidak satu pun galat menyebut nama kelas pengecualian
    Dan cukup bukti: sekurang-kurangnya satu masukan ditolak

  @KM-32
  Skenario: Tidak satu pun jawaban sepanjang pengujian membocorkan
    Ketika seluruh pertukaran pengujian ini diperiksa
    Maka tidak satu pun jawaban memuat bagian dalam aplikasi
    Dan tidak satu pun galat mengulang data pribadi atau token
    Dan peringatan: tidak satu pun galat menyebut nama kelas pengecualian
