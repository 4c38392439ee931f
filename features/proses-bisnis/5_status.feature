# language: id
# Status hanya berpindah menurut langkah yang diizinkan standar.
Fitur: Perpindahan status

  @PB-22
  Skenario konsep: <aktor> tidak dapat <tindakan> pengaduan yang berstatus <status>
    Diketahui pengaduan P1 berstatus "<status>"
    Ketika <aktor> mencoba <tindakan> P1
    Maka P1 tetap berstatus "<status>"

    Contoh: Belum diverifikasi
      | status              | aktor     | tindakan        |
      | menunggu_verifikasi | admin     | mendisposisi    |
      | menunggu_verifikasi | petugas   | menindaklanjuti |
      | menunggu_verifikasi | pelapor A | membuka kembali |

    Contoh: Menunggu kelengkapan
      | status            | aktor     | tindakan        |
      | perlu_kelengkapan | admin     | mendisposisi    |
      | perlu_kelengkapan | petugas   | menindaklanjuti |
      | perlu_kelengkapan | pelapor A | membuka kembali |

    Contoh: Sudah diverifikasi, belum didisposisi
      | status        | aktor     | tindakan        |
      | terverifikasi | pelapor A | melengkapi      |
      | terverifikasi | pelapor A | membuka kembali |
      | terverifikasi | petugas   | menindaklanjuti |

    Contoh: Sudah didisposisi, belum ditindaklanjuti
      | status       | aktor     | tindakan        |
      | terdisposisi | admin     | memverifikasi   |
      | terdisposisi | pelapor A | melengkapi      |
      | terdisposisi | pelapor A | membuka kembali |

    Contoh: Sedang diproses
      | status   | aktor     | tindakan        |
      | diproses | admin     | memverifikasi   |
      | diproses | pelapor A | melengkapi      |
      | diproses | pelapor A | membuka kembali |

    Contoh: Sudah ditanggapi pelapor
      | status             | aktor     | tindakan        |
      | ditanggapi_pelapor | admin     | memverifikasi   |
      | ditanggapi_pelapor | pelapor A | melengkapi      |
      | ditanggapi_pelapor | pelapor A | membuka kembali |

    Contoh: Ditunda sesudah didisposisi
      | status  | aktor     | tindakan        |
      | ditunda | petugas   | menindaklanjuti |
      | ditunda | pelapor A | membuka kembali |

    Contoh: Sudah selesai
      | status  | aktor | tindakan            |
      | selesai | admin | memverifikasi       |
      | selesai | admin | meminta kelengkapan |
      | selesai | admin | mendisposisi        |
      | selesai | admin | meneruskan          |
      | selesai | admin | menunda             |
      | selesai | admin | mengarsipkan        |

    Contoh: Sudah diarsipkan
      | status     | aktor     | tindakan        |
      | diarsipkan | admin     | memverifikasi   |
      | diarsipkan | admin     | mendisposisi    |
      | diarsipkan | petugas   | menindaklanjuti |
      | diarsipkan | admin     | menunda         |
      | diarsipkan | admin     | menutup         |
      | diarsipkan | pelapor A | membuka kembali |

    Contoh: Sudah diteruskan
      | status     | aktor     | tindakan        |
      | diteruskan | admin     | memverifikasi   |
      | diteruskan | admin     | mendisposisi    |
      | diteruskan | petugas   | menindaklanjuti |
      | diteruskan | admin     | menunda         |
      | diteruskan | admin     | menutup         |
      | diteruskan | pelapor A | membuka kembali |

    Contoh: Sudah dicabut
      | status  | aktor     | tindakan        |
      | dicabut | admin     | memverifikasi   |
      | dicabut | admin     | mendisposisi    |
      | dicabut | petugas   | menindaklanjuti |
      | dicabut | admin     | menunda         |
      | dicabut | admin     | menutup         |
      | dicabut | pelapor A | membuka kembali |

  @PB-22
  Skenario: Status yang dititipkan saat pengiriman tidak diambil alih
    Diketahui pengaduan P1 dari pelapor A
    Ketika pelapor A mencoba mengirim pengaduan P2 dengan status titipan "selesai"
    Maka P2 tidak berstatus "selesai"
