# language: id
# Jawaban dan riwayat menceritakan apa yang sungguh terjadi.
Fitur: Kejujuran jawaban dan riwayat

  # Yang sudah demikian boleh dijawab berhasil sekali lagi: dua baris terakhir.
  @PB-23
  Skenario konsep: <aktor> mencoba <tindakan> pengaduan yang berstatus <status>
    Diketahui pengaduan P1 berstatus "<status>"
    Ketika <aktor> mencoba <tindakan> P1 di antara dua pembacaan admin
    Maka setiap jawaban sesuai dengan yang terjadi

    Contoh:
      | status        | aktor     | tindakan        |
      | terverifikasi | pelapor A | membuka kembali |
      | ditunda       | petugas   | menindaklanjuti |
      | selesai       | admin     | memverifikasi   |
      | diarsipkan    | admin     | mendisposisi    |
      | selesai       | admin     | menutup         |
      | diarsipkan    | admin     | mengarsipkan    |

  @PB-23
  Skenario konsep: <aktor> mencoba <tindakan> pengaduan yang tidak ada
    Diketahui pengaduan P1 dari pelapor A
    Dan P2 yang tidak ada, serupa dengan P1
    Ketika <aktor> mencoba <tindakan> P2 di antara dua pembacaan admin
    Maka setiap jawaban sesuai dengan yang terjadi

    Contoh:
      | aktor   | tindakan        |
      | admin   | memverifikasi   |
      | admin   | mendisposisi    |
      | petugas | menindaklanjuti |
      | admin   | menutup         |
      | admin   | mengarsipkan    |

  @PB-23
  Skenario konsep: <aktor> mencoba <tindakan> pengaduan yang bukan urusannya
    Diketahui pengaduan P1 dari pelapor B yang siap untuk <tindakan>
    Ketika <aktor> mencoba <tindakan> P1 di antara dua pembacaan admin
    Maka setiap jawaban sesuai dengan yang terjadi

    Contoh:
      | aktor        | tindakan        |
      | pelapor A    | menutup         |
      | petugas lain | menindaklanjuti |
      | publik       | memverifikasi   |

  # P5 digabungkan ke P1. Lampiran mendahului penundaan, supaya pengaduan yang ditunda bukan pengaduan baku.
  @PB-23
  Skenario: Setiap langkah yang diizinkan dijawab menurut akibatnya
    Diketahui pengaduan P1, P2, P3, P4, dan P5 dari pelapor A
    Ketika setiap langkah dilakukan di antara dua pembacaan admin:
      | pengaduan | aktor     | tindakan              |
      | P5        | admin     | menggabungkan         |
      | P4        | admin     | meneruskan            |
      | P3        | admin     | mengarsipkan          |
      | P2        | pelapor A | memperbaiki           |
      | P2        | admin     | meminta kelengkapan   |
      | P2        | pelapor A | melengkapi            |
      | P2        | pelapor A | mencabut              |
      | P2        | pelapor A | menghapus data pribadi |
      | P1        | admin     | memverifikasi         |
      | P1        | admin     | mendisposisi          |
      | P1        | admin     | mencatat internal     |
      | P1        | pelapor A | melampiri             |
      | P1        | admin     | menunda               |
      | P1        | admin     | melanjutkan           |
      | P1        | petugas   | menindaklanjuti       |
      | P1        | pelapor A | menanggapi            |
      | P1        | admin     | menutup               |
      | P1        | pelapor A | menilai               |
      | P1        | pelapor A | membuka kembali       |
    Maka setiap jawaban sesuai dengan yang terjadi

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
