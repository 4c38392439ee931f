# language: id
# Identitas pelapor anonim hanya diketahui oleh yang menangani pengaduannya.
Fitur: Kerahasiaan pelapor

  # Kembaran yang tidak anonim menunjukkan bahwa tampilan itu memang memuat sesuatu.
  @PB-30
  Skenario: Identitas pelapor anonim tidak tampak pada tampilan mana pun
    Diketahui pengaduan P1 dari pelapor A yang anonim
    Dan pengaduan P2 kembaran P1 yang tidak anonim
    Ketika P1 dan P2 menempuh langkah:
      | aktor     | tindakan        |
      | admin     | memverifikasi   |
      | admin     | mendisposisi    |
      | petugas   | menindaklanjuti |
      | pelapor A | menanggapi      |
      | admin     | menutup         |
    Dan publik, pelapor B, dan pengawas membuka setiap tampilan P1 dan P2
    Dan publik dan pelapor B mencari setiap tanda identitas P1, bila mengklaim pencarian
    Dan kiriman ke hub dan pemberitahuan tentang P1 ditunggu, bila mengklaim hub_keluar
    Maka tanda identitas P1 tidak ada di mana pun
    Dan cukup bukti: P2 tampak pada sekurang-kurangnya satu tampilan publik
