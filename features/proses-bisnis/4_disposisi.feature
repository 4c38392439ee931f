# language: id
# Pengaduan sampai ke unit hanya lewat Admin Instansi.
Fitur: Disposisi berjenjang

  # P2 sedang dikerjakan unit itu: petugasnya memang dapat melihat.
  @PB-12
  Skenario: Unit memperoleh pengaduan lewat disposisi admin, tidak sebelumnya
    Diketahui pengaduan P1 berstatus "terverifikasi"
    Dan pengaduan P2 berstatus "diproses"
    Dan kontrol: petugas menemukan P2 dalam daftar dan membacanya
    Ketika petugas mencoba membuka P1 lewat daftar dan id
    Dan admin mendisposisi P1
    Maka percobaan itu tidak membuka P1
    Dan petugas menemukan P1 dalam daftar dan membacanya
    Dan disposisi P1 tercatat untuk unit petugas

  @PB-12
  Skenario: Unit lain tidak memperoleh pengaduan yang didisposisi kepada unit petugas
    Diketahui pengaduan P1 berstatus "terdisposisi"
    Dan pengaduan P2 berstatus "terverifikasi"
    Ketika admin mendisposisi P2 kepada unit kedua
    Dan petugas lain mencoba membuka P1 lewat daftar dan id
    Maka percobaan itu tidak membuka P1
    Dan kontrol: petugas lain menemukan P2 dalam daftar dan membacanya

  @PB-12
  Skenario konsep: Petugas tidak mendisposisi sendiri pengaduan yang <status> kepada unit <unit>
    Diketahui pengaduan P1 berstatus "<status>"
    Dan pengaduan P2 berstatus "terverifikasi"
    Ketika petugas mencoba mendisposisi P1 kepada unit <unit>
    Dan admin mendisposisi P2
    Maka disposisi P1 tidak berubah

    Contoh:
      | status        | unit    |
      | terdisposisi  | kedua   |
      | terverifikasi | sendiri |

  @PB-12
  Skenario: Pengaduan dari hub lebih dahulu sampai kepada admin
    Diketahui hub mengirim disposisi P1
    Dan pengaduan P2 berstatus "diproses"
    Dan kontrol: petugas menemukan P2 dalam daftar dan membacanya
    Ketika petugas mencoba membuka P1 lewat daftar dan id
    Maka percobaan itu tidak membuka P1
    Dan admin menemukan P1 dalam daftar dan membacanya
