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
