# language: id
# Nilai dari daftar kode tertutup. Id kategori, unit, dan instansi adalah urusan DT-18, saringan urusan DT-21.
Fitur: Nilai kode

  @DT-03
  Skenario: Kode yang tidak dikenal ditolak dan tidak tersimpan
    Ketika kode yang tidak dikenal dikirim di antara kiriman dengan kode yang dikenal:
      | tindakan           | aktor     | isian       | nilai          |
      | mengirim pengaduan | pelapor A | klasifikasi | laik-tidak-ada |
      | mengirim pengaduan | pelapor A | klasifikasi | 99             |
      | mengirim pengaduan | pelapor A | kanal       | laik-tidak-ada |
      | memverifikasi      | admin     | klasifikasi | laik-tidak-ada |
      | menilai            | pelapor A | nilai       | bagus          |
      | mengirim disposisi | hub       | klasifikasi | laik-tidak-ada |
    Maka setiap kode yang tidak dikenal ditolak
    Dan tidak satu pun kode yang tidak dikenal tersimpan
