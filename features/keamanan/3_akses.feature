# language: id
# Pasal 27 ayat (3) Perban BSSN 4/2021: kontrol akses.
Fitur: Kontrol akses

  @KM-13
  Skenario konsep: <penanya> tidak membaca pengaduan <pemilik> <saat> lewat <jalan>
    Diketahui pengaduan P1 dari <pemilik> <saat>
    Dan kontrol: <pemilik> membaca P1 secara utuh
    Ketika <penanya> mencoba membaca P1 lewat <jalan>
    Maka setiap jawaban paling banyak memuat bagian P1 yang sudah terbit
    Dan kontrol: <pemilik> membaca P1 secara utuh

    Contoh: Pelapor lain bertanya
      | pemilik   | penanya   | saat           | jalan                                |
      | pelapor A | pelapor B | sebelum terbit | id                                   |
      | pelapor A | pelapor B | sebelum terbit | riwayat                              |
      | pelapor A | pelapor B | sebelum terbit | nomor pelacakan                      |
      | pelapor A | pelapor B | sebelum terbit | parameter pelapor_id milik pemilik   |
      | pelapor A | pelapor B | sebelum terbit | header pelapor_id milik pemilik      |
      | pelapor A | pelapor B | sebelum terbit | alamat yang baru saja dibaca pemilik |
      | pelapor A | pelapor B | sesudah terbit | id                                   |
      | pelapor A | pelapor B | sesudah terbit | riwayat                              |
      | pelapor A | pelapor B | sesudah terbit | nomor pelacakan                      |
      | pelapor A | pelapor B | sesudah terbit | parameter pelapor_id milik pemilik   |
      | pelapor A | pelapor B | sesudah terbit | header pelapor_id milik pemilik      |
      | pelapor A | pelapor B | sesudah terbit | alamat yang baru saja dibaca pemilik |

    Contoh: Arah sebaliknya
      | pemilik   | penanya   | saat           | jalan                                |
      | pelapor B | pelapor A | sebelum terbit | id                                   |
      | pelapor B | pelapor A | sebelum terbit | riwayat                              |
      | pelapor B | pelapor A | sebelum terbit | nomor pelacakan                      |
      | pelapor B | pelapor A | sebelum terbit | parameter pelapor_id milik pemilik   |
      | pelapor B | pelapor A | sebelum terbit | header pelapor_id milik pemilik      |
      | pelapor B | pelapor A | sebelum terbit | alamat yang baru saja dibaca pemilik |
      | pelapor B | pelapor A | sesudah terbit | id                                   |
      | pelapor B | pelapor A | sesudah terbit | riwayat                              |
      | pelapor B | pelapor A | sesudah terbit | nomor pelacakan                      |
      | pelapor B | pelapor A | sesudah terbit | parameter pelapor_id milik pemilik   |
      | pelapor B | pelapor A | sesudah terbit | header pelapor_id milik pemilik      |
      | pelapor B | pelapor A | sesudah terbit | alamat yang baru saja dibaca pemilik |

    Contoh: Publik bertanya tentang pengaduan pelapor A
      | pemilik   | penanya   | saat           | jalan                                |
      | pelapor A | publik    | sebelum terbit | id                                   |
      | pelapor A | publik    | sebelum terbit | riwayat                              |
      | pelapor A | publik    | sebelum terbit | nomor pelacakan                      |
      | pelapor A | publik    | sebelum terbit | parameter pelapor_id milik pemilik   |
      | pelapor A | publik    | sebelum terbit | header pelapor_id milik pemilik      |
      | pelapor A | publik    | sebelum terbit | alamat yang baru saja dibaca pemilik |
      | pelapor A | publik    | sesudah terbit | id                                   |
      | pelapor A | publik    | sesudah terbit | riwayat                              |
      | pelapor A | publik    | sesudah terbit | nomor pelacakan                      |
      | pelapor A | publik    | sesudah terbit | parameter pelapor_id milik pemilik   |
      | pelapor A | publik    | sesudah terbit | header pelapor_id milik pemilik      |
      | pelapor A | publik    | sesudah terbit | alamat yang baru saja dibaca pemilik |

    Contoh: Publik bertanya tentang pengaduan pelapor B
      | pemilik   | penanya   | saat           | jalan                                |
      | pelapor B | publik    | sebelum terbit | id                                   |
      | pelapor B | publik    | sebelum terbit | riwayat                              |
      | pelapor B | publik    | sebelum terbit | nomor pelacakan                      |
      | pelapor B | publik    | sebelum terbit | parameter pelapor_id milik pemilik   |
      | pelapor B | publik    | sebelum terbit | header pelapor_id milik pemilik      |
      | pelapor B | publik    | sebelum terbit | alamat yang baru saja dibaca pemilik |
      | pelapor B | publik    | sesudah terbit | id                                   |
      | pelapor B | publik    | sesudah terbit | riwayat                              |
      | pelapor B | publik    | sesudah terbit | nomor pelacakan                      |
      | pelapor B | publik    | sesudah terbit | parameter pelapor_id milik pemilik   |
      | pelapor B | publik    | sesudah terbit | header pelapor_id milik pemilik      |
      | pelapor B | publik    | sesudah terbit | alamat yang baru saja dibaca pemilik |

  @KM-15
  Skenario konsep: Pelapor B tidak dapat <tindakan> pengaduan pelapor A
    Diketahui pengaduan P1 dan P2 dari pelapor A yang siap untuk <tindakan>, dan pengaduan P3 dari pelapor B
    Dan kontrol: pelapor A dapat <tindakan> P2
    Ketika pelapor B mencoba <tindakan> P1 dengan isian yang sah
    Maka setiap percobaan pada P1 ditolak tanpa akibat
    Dan peringatan: setiap percobaan pada P1 dijawab dengan penolakan
    Dan kontrol: pelapor A dapat <tindakan> P1
    Dan P1 tidak memuat isi percobaan yang ditolak

    Contoh:
      | tindakan               |
      | melengkapi             |
      | menanggapi             |
      | mencabut               |
      | membuka kembali        |
      | menilai                |
      | melampiri              |
      | memperbaiki            |
      | menghapus data pribadi |

  @KM-15
  Skenario konsep: Pelapor B tidak dapat mengirim <metode> ke alamat pengaduan pelapor A
    Diketahui pengaduan P1 dan P2 dari pelapor A
    Dan pengaduan P3 dari pelapor B
    Ketika pelapor B mencoba mengirim <metode> ke alamat P1, sesudah pelapor A berhasil pada P2
    Maka setiap percobaan pada P1 ditolak tanpa akibat
    Dan peringatan: setiap percobaan pada P1 dijawab dengan penolakan

    Contoh:
      | metode |
      | PUT    |
      | PATCH  |
      | DELETE |

  @KM-16
  Skenario konsep: Daftar dan pencarian <jalan> hanya memuat yang menjadi hak penanya
    Diketahui pengaduan P1 dari pelapor A yang belum terbit dan P2 yang sudah terbit, sejauh dapat
    Dan kontrol: daftar pelapor A memuat P1 dan P2
    Ketika pelapor B dan publik menelusuri daftar dan pencarian <jalan>
    Maka tidak satu halaman pun memuat yang bukan hak penanya
    Dan setiap jumlah hanya menghitung yang tampak
    Dan kontrol: daftar pelapor A memuat P1 dan P2

    Contoh:
      | jalan                              |
      | tanpa saringan                     |
      | dengan pelapor_id milik pelapor A  |
      | dengan tanda pribadi P1            |
      | dengan penanda P1                  |
      | dengan id P1 dan P2                |
      | dengan waktu pengubahan            |
      | dengan setiap kunci urut           |
      | dengan permintaan bidang tambahan  |
      | dengan kursor milik pelapor A      |

  @KM-17
  Skenario konsep: Pelapor dan publik tidak dapat <tindakan> pengaduan, milik sendiri sekalipun
    Diketahui pengaduan P1 dan P2 dari pelapor A yang siap untuk <tindakan>, dan pengaduan P3 dari pelapor B
    Dan P1 memuat catatan internal, bila mengklaim catatan_internal
    Dan kontrol: <berwenang> dapat <tindakan> P2
    Ketika pelapor A, pelapor B, dan publik mencoba <tindakan> P1 dengan isian yang sah, juga dengan peran titipan
    Maka setiap percobaan pada P1 ditolak tanpa akibat
    Dan peringatan: setiap percobaan pada P1 dijawab dengan penolakan
    Dan kontrol: <berwenang> dapat <tindakan> P1
    Dan P1 tidak memuat isi percobaan yang ditolak

    Contoh:
      | tindakan           | berwenang |
      | memverifikasi      | admin     |
      | meminta kelengkapan | admin    |
      | mendisposisi       | admin     |
      | meneruskan         | admin     |
      | menunda            | admin     |
      | melanjutkan        | admin     |
      | mengarsipkan       | admin     |
      | menindaklanjuti    | petugas   |
      | mencatat internal  | petugas   |
      | menggabungkan      | admin     |

  @KM-17
  Skenario: Pelapor lain dan publik tidak dapat menutup pengaduan
    Diketahui pengaduan P1 dan P2 dari pelapor A yang siap untuk menutup, dan pengaduan P3 dari pelapor B
    Dan P1 memuat catatan internal, bila mengklaim catatan_internal
    Dan kontrol: admin dapat menutup P2
    Ketika pelapor B dan publik mencoba menutup P1 dengan isian yang sah, juga dengan peran titipan
    Maka setiap percobaan pada P1 ditolak tanpa akibat
    Dan peringatan: setiap percobaan pada P1 dijawab dengan penolakan
    Dan kontrol: admin dapat menutup P1
    Dan P1 tidak memuat isi percobaan yang ditolak

  @KM-22
  Skenario konsep: Isian titipan <bentuk> pada pengiriman tidak diambil alih
    Diketahui pengaduan P1 dari pelapor A
    Dan pengaduan P2 dari pelapor B
    Ketika pelapor A mencoba mengirim pengaduan P3 dengan isian titipan <bentuk>, di samping P1 dan P2
    Dan pelapor A mengirim pengaduan P4
    Maka P3 tidak memuat satu pun isian titipan
    Dan peringatan: jawaban atas isian titipan pada P3 tidak memuatnya kembali

    Contoh:
      | bentuk                     |
      | rata                       |
      | bersarang                  |
      | berlarik                   |
      | rata pada jenis media lain |

  @KM-22
  Skenario konsep: Isian titipan <bentuk> saat <tindakan> tidak diambil alih
    Diketahui pengaduan P1, P2, dan P4 dari pelapor A yang siap untuk <tindakan>, dan pengaduan P3 dari pelapor B
    Dan kontrol: pelapor A dapat <tindakan> P2
    Ketika pelapor A mencoba <tindakan> P1 dengan isian titipan <bentuk>, di samping P2 dan P3
    Maka P1 tidak memuat satu pun isian titipan
    Dan peringatan: jawaban atas isian titipan pada P1 tidak memuatnya kembali
    Dan kontrol: pelapor A dapat <tindakan> P4

    Contoh:
      | tindakan    | bentuk    |
      | memperbaiki | rata      |
      | memperbaiki | bersarang |
      | memperbaiki | berlarik  |
      | melengkapi  | rata      |
      | melengkapi  | bersarang |
      | melengkapi  | berlarik  |
