# language: id
# Apa yang keluar dari aplikasi berbentuk sama di mana pun ia keluar.
Fitur: Skema dan kode

  @DT-01
  Skenario: Setiap tampilan sesuai skema bagi setiap aktor dan setiap jumlah butir
    Diketahui pengaduan P1 dari pelapor A dengan 0 berkas pada kategori terakhir
    Dan pengaduan P2 dari pelapor A dengan 1 berkas
    Dan pengaduan P3 dari pelapor A dengan 3 berkas
    Ketika P1 menempuh langkah:
      | aktor   | tindakan        |
      | admin   | memverifikasi   |
      | admin   | mendisposisi    |
      | petugas | menindaklanjuti |
    Dan setiap aktor membuka setiap tampilan yang terikat bagi P1, P2, dan P3
    Dan admin menyaring daftar menurut setiap kategori
    Maka setiap jawaban berhasil sesuai skema operasinya

  @DT-01
  Skenario: Setiap jawaban sepanjang pengujian sesuai skema
    Ketika seluruh pertukaran pengujian ini diperiksa
    Maka setiap jawaban berhasil sesuai skema operasinya

  @DT-02
  Skenario: Setiap status keluar dengan kode yang sama di mana pun
    Ketika pengaduan pelapor A dibawa ke setiap status yang tercapai
    Maka pembacaan, daftar, dan pelacakan menyebut kode yang sama bagi admin, pelapor A, dan publik
    Dan setiap kata kode yang keluar berasal dari daftar kode

  @DT-02
  Skenario: Setiap kata kode sepanjang pengujian berasal dari daftar kode
    Ketika seluruh pertukaran pengujian ini diperiksa
    Maka setiap kata kode yang keluar berasal dari daftar kode

  @DT-14
  Skenario: Id tidak berubah dari pengiriman sampai pelacakan
    Diketahui pengaduan P1 dari pelapor A dengan 1 berkas pada kategori terakhir
    Ketika setiap aktor membuka setiap tampilan yang terikat bagi P1
    Dan admin menyaring daftar menurut setiap kategori
    Maka id dan nomor_pelacakan P1 sama pada tanda terima, pembacaan, daftar, dan pelacakan
    Dan setiap id, bilangan, dan nilai benar-salah bertipe sama di setiap operasi

  @DT-14
  Skenario: Setiap jenis media kiriman menghasilkan rekaman yang sama
    Ketika pelapor A mengirim pengaduan yang sama sekali untuk setiap jenis media yang dinyatakan
    Maka rekaman setiap jenis media itu sama di luar id dan waktu

  @DT-14
  Skenario: Tipe nilai tidak bergeser sepanjang pengujian
    Ketika seluruh pertukaran pengujian ini diperiksa
    Maka setiap id, bilangan, dan nilai benar-salah bertipe sama di setiap operasi
