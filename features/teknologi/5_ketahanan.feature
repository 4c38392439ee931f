# language: id
# Kesalahan klien dijawab sebagai kesalahan klien, tidak pernah menjatuhkan aplikasi.
Fitur: Ketahanan terhadap masukan

  # Masukan yang sah menurut HTTP dan tidak dikirim oleh persyaratan lain.
  @TK-20
  Skenario: Masukan ganjil tetapi sah tidak menjatuhkan aplikasi
    Ketika masukan ganjil tetapi sah dikirim:
      | masukan                          |
      | bahasa yang tidak dikenal        |
      | rentang bita pada berkas         |
      | tanggal pengubahan di masa depan |
      | kuki rusak                       |
      | bita nol pada alamat             |
      | nama kueri tanpa nilai           |
      | metode yang tidak dikenal        |
      | statistik masa tanpa pengaduan   |
      | daftar petugas tanpa pengaduan   |
    Maka setiap masukan mendapat jawaban
    Dan tidak ada galat server dan tidak ada sambungan yang putus tanpa jawaban

  @TK-20
  Skenario: Tidak ada galat server sepanjang pengujian
    Ketika seluruh pertukaran pengujian ini diperiksa
    Maka tidak ada galat server dan tidak ada sambungan yang putus tanpa jawaban

  @TK-10
  Skenario: Ukuran, jangkauan, dan jumlah pengenal dibatasi pada setiap alamat
    Diketahui pengaduan P1 dari pelapor A
    Dan pengaduan terbit lebih banyak daripada yang muat pada halaman terbesar publik
    Ketika setiap alamat yang mengembalikan banyak data, di antaranya riwayat P1, diminta melampaui batas:
      | permintaan                 |
      | ukuran 1000000             |
      | ukuran 0                   |
      | ukuran -1                  |
      | halaman 1000000000000      |
      | halaman -1                 |
      | seribu pengenal            |
      | rentang seratus tahun      |
      | perluasan bersarang        |
      | teks cari seribu huruf     |
    Maka tidak satu jawaban pun melampaui batasnya
