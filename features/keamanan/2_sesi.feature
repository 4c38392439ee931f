# language: id
# Pasal 27 ayat (2) Perban BSSN 4/2021: manajemen sesi.
Fitur: Manajemen sesi

  @KM-07
  Skenario konsep: Token yang <ubahan> ditolak
    Diketahui pengaduan P1 dari pelapor A
    Dan pengaduan P2 dari pelapor B
    Dan kontrol: tanpa kredensial P1 dan P2 tidak terbaca
    Dan kontrol: pelapor A membaca P1 secara utuh
    Ketika P1 dan P2 dibaca dengan token pelapor A yang <ubahan>
    Maka setiap akses ditolak tanpa memuat tanda P1 dan P2
    Dan kontrol: pelapor A membaca P1 secara utuh

    Contoh: Tanpa algoritma
      | ubahan                                       |
      | beralgoritma none dengan tanda tangan kosong |
      | beralgoritma none tanpa bagian tanda tangan  |
      | beralgoritma None dengan tanda tangan kosong |
      | beralgoritma None tanpa bagian tanda tangan  |
      | beralgoritma NONE dengan tanda tangan kosong |
      | beralgoritma NONE tanpa bagian tanda tangan  |
      | beralgoritma nOnE dengan tanda tangan kosong |
      | beralgoritma nOnE tanpa bagian tanda tangan  |

    Contoh: Tanda tangan diubah
      | ubahan                           |
      | satu bit tanda tangannya dibalik |
      | bertanda tangan nol semua        |

    Contoh: Isi diubah, tanda tangan lama
      | ubahan                                                |
      | pemiliknya diganti pelapor B dengan tanda tangan lama |
      | perannya diganti admin dengan tanda tangan lama       |
