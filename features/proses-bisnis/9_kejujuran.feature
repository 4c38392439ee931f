# language: id
# Jawaban dan riwayat menceritakan apa yang sungguh terjadi.
Fitur: Kejujuran jawaban dan riwayat

  # Disposisi yang kedua, penutupan, dan pembukaan kembali adalah tempat riwayat biasanya diubah.
  @PB-25
  Skenario: Setiap peristiwa menambah satu catatan, dan catatan lama tidak berubah
    Diketahui pengaduan P1 dari pelapor A
    Ketika P1 menempuh langkah, dan admin membaca riwayatnya sesudah setiap langkah:
      | aktor     | tindakan           |
      | admin     | memverifikasi      |
      | admin     | mendisposisi       |
      | admin     | mendisposisi lagi  |
      | petugas   | menindaklanjuti    |
      | pelapor A | menanggapi         |
      | petugas   | menindaklanjuti    |
      | admin     | menutup            |
      | pelapor A | membuka kembali    |
      | petugas   | menindaklanjuti    |
      | admin     | menutup            |
    Maka setiap langkah P1 menambah tepat satu catatan riwayat
    Dan catatan riwayat P1 yang lama tetap sama dan berurutan
    Dan catatan riwayat P1 bersambung sampai status terakhirnya
    Dan waktu setiap catatan riwayat P1 paling jauh 60 detik dari langkahnya
    Dan pelaku pada riwayat P1 membedakan admin, petugas, dan pelapor
