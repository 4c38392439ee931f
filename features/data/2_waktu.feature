# language: id
# Waktu yang ditulis tanpa zona atau menurut selera tidak dapat dibandingkan antarinstansi.
Fitur: Waktu

  @DT-07
  Skenario: Setiap kolom waktu dan tanggal ditulis seragam
    Diketahui pengaduan P1 dari pelapor A dengan 0 berkas pada kategori terakhir
    Ketika P1 menempuh langkah:
      | aktor   | tindakan        |
      | admin   | memverifikasi   |
      | admin   | mendisposisi    |
      | petugas | menindaklanjuti |
    Dan setiap aktor membuka setiap tampilan yang terikat bagi P1
    Dan admin menyaring daftar menurut setiap kategori
    Dan kiriman ke hub dan pemberitahuan tentang P1 ditunggu, bila mengklaim hub_keluar
    Maka setiap waktu ditulis menurut RFC 3339 dengan offset dan setiap tanggal sebagai tanggal saja

  @DT-07
  Skenario: Setiap waktu sepanjang pengujian ditulis seragam
    Ketika seluruh pertukaran pengujian ini diperiksa
    Maka setiap waktu ditulis menurut RFC 3339 dengan offset dan setiap tanggal sebagai tanggal saja
