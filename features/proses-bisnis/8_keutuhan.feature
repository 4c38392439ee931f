# language: id
# Yang ditulis pelapor tetap seperti yang ditulisnya.
Fitur: Keutuhan pengaduan

  @PB-40
  Skenario: Langkah sesudah disposisi tidak mengubah pengaduan itu sendiri
    Diketahui pengaduan P1 pada kategori kedua yang berstatus "terdisposisi"
    Ketika P1 menempuh langkah, dan admin membacanya sesudah setiap langkah:
      | aktor     | tindakan                             |
      | petugas   | menindaklanjuti dengan judul sendiri |
      | pelapor A | menanggapi                           |
      | petugas   | melampiri dengan keterangan          |
      | pelapor A | melampiri dengan keterangan          |
      | admin     | mencatat internal                    |
    Maka judul, isi, kategori_id, klasifikasi, pelapor, tanggal_kejadian, lokasi, anonim, dan rahasia P1 tetap sama sesudah setiap langkah
