# language: id
# Siapa pun dapat mengadu dengan isian seperlunya, menurut jenisnya.
Fitur: Pengajuan

  # Bila isian seperlunya ditolak, yang menghalanginya dicari: NIK, koordinat, instansi tujuan, atau lampiran.
  @PB-01
  Skenario: Isian seperlunya cukup bagi pelapor
    Ketika pelapor A mencoba mengirim pengaduan P1 dengan isian seperlunya
    Maka isian seperlunya cukup untuk P1, yang terbaca oleh pelapor A dan admin

  # Hanya bila pernyataan mengikat pengiriman bagi publik.
  @PB-01
  Skenario: Publik mengirim tanpa masuk
    Ketika publik mencoba mengirim pengaduan P1 dengan isian seperlunya
    Maka isian seperlunya cukup untuk P1, yang terbaca oleh admin

  @PB-06
  Skenario konsep: <klasifikasi> diterima dan tersimpan apa adanya
    Ketika pelapor A mencoba mengirim pengaduan P1 berklasifikasi "<klasifikasi>"
    Maka P1 berklasifikasi "<klasifikasi>" bagi pelapor A dan admin

    Contoh:
      | klasifikasi          |
      | pengaduan            |
      | aspirasi             |
      | permintaan_informasi |

  @PB-06
  Skenario: Kadar pengawasan dari verifikasi bertahan sesudah disposisi
    Diketahui pengaduan P1 dan P2 dari pelapor A
    Ketika admin memverifikasi P1 sebagai "pengaduan" yang berkadar pengawasan
    Dan admin memverifikasi P2 sebagai "pengaduan"
    Dan admin mendisposisi P1 dan P2, bila terikat dispose
    Maka hanya P1 yang berkadar pengawasan di antara P1 dan P2 bagi admin
    Dan P1 dan P2 berklasifikasi "pengaduan" bagi pelapor A dan admin

  @PB-06
  Skenario: Klasifikasi dari verifikasi bertahan sesudah disposisi
    Diketahui pengaduan P1 dari pelapor A
    Ketika admin memverifikasi P1 sebagai "permintaan_informasi"
    Dan admin mendisposisi P1, bila terikat dispose
    Maka P1 berklasifikasi "permintaan_informasi" bagi pelapor A dan admin
