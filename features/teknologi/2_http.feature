# language: id
# HTTP dipakai menurut artinya: metode, jenis media, dan permintaan yang aman.
Fitur: HTTP menurut artinya

  @TK-04
  Skenario: Kiriman dengan jenis media yang tidak dinyatakan tidak tersimpan
    Ketika pelapor A mencoba mengirim pengaduan dengan jenis media:
      | jenis media                    |
      | yang dinyatakan dengan charset |
      | teks biasa                     |
      | XML                            |
      | formulir                       |
      | JSON                           |
      | akhiran JSON                   |
      | tanpa jenis media              |
    Maka hanya kiriman dengan jenis media yang dinyatakan tersimpan
    Dan peringatan: kiriman tanpa jenis media tidak tersimpan

  @TK-04
  Skenario: Pilihan jawaban yang ganjil dijawab dengan jenis yang dinyatakan
    Diketahui pengaduan P1 dari pelapor A
    Ketika P1 diminta dengan pilihan jawaban:
      | pilihan  |
      | XML      |
      | gambar   |
      | apa saja |
      | kosong   |
    Maka setiap jawaban memakai jenis media yang dinyatakan atau menolak

  @TK-04
  Skenario: Setiap jawaban berisi menyebut jenis medianya
    Ketika seluruh pertukaran pengujian ini diperiksa
    Maka setiap jawaban berisi menyebut jenis media yang sesuai

  # OPTIONS bukan metode yang tidak dinyatakan: peramban mengirimnya sebelum permintaan lintas asal.
  @TK-05
  Skenario: Metode yang tidak dinyatakan ditolak tanpa akibat
    Diketahui pengaduan P1 dari pelapor A beserta berkasnya
    Dan kontrol: P1 terbaca sama dua kali berturut-turut
    Ketika pelapor A mencoba metode yang tidak dinyatakan pada setiap alamat P1:
      | metode          |
      | metode karangan |
      | GET             |
      | POST            |
      | PATCH           |
      | PUT             |
      | DELETE          |
    Maka setiap metode itu ditolak dan P1 tetap utuh
    Dan peringatan: setiap penolakan itu menyebut metode yang berlaku

  @TK-05
  Skenario: TRACE dan TRACK tidak memantulkan permintaan
    Diketahui pengaduan P1 dari pelapor A beserta berkasnya
    Ketika TRACE dan TRACK dengan header penanda dikirim ke setiap alamat baca P1
    Maka tidak satu pun jawaban memantulkan header itu

  @TK-05
  Skenario: Kepala jawaban dapat diminta tanpa isinya
    Diketahui pengaduan P1 dari pelapor A beserta berkasnya
    Ketika setiap alamat baca P1 dibaca, lalu diminta kepala jawabannya saja
    Maka permintaan kepala jawaban tidak menimbulkan galat server
    Dan peringatan: kepala jawaban itu sama dengan kepala jawaban pembacaannya

  # Tindakan sungguhan pada P2 menunjukkan bahwa alamat dan pelakunya benar.
  @TK-06
  Skenario konsep: Permintaan aman tidak mengubah pengaduan yang <status>
    Diketahui pengaduan P1 berstatus "<status>"
    Dan pengaduan P2 berstatus "<status>"
    Dan kontrol: P1 terbaca sama dua kali berturut-turut
    Ketika admin <tindakan> P2
    Dan setiap alamat tulis P1 diminta dengan metode aman oleh yang berwenang:
      | metode  |
      | GET     |
      | HEAD    |
      | OPTIONS |
    Dan pembacaan P1 diberi parameter yang mengubah
    Maka permintaan aman itu tidak mengubah P1
    Contoh:
      | status              | tindakan      |
      | menunggu_verifikasi | memverifikasi |
      | diproses            | menutup       |

  @TK-06
  Skenario: Permintaan aman pada alamat baca tidak mengubah pengaduan dan berkasnya
    Diketahui pengaduan P1 dari pelapor A beserta berkasnya
    Dan kontrol: P1 terbaca sama dua kali berturut-turut
    Ketika setiap alamat baca P1 diminta dengan metode aman:
      | metode  |
      | GET     |
      | HEAD    |
      | OPTIONS |
    Maka permintaan aman itu tidak mengubah P1
