# language: id
# Pasal 27 ayat (1) Perban BSSN 4/2021: autentikasi.
Fitur: Autentikasi

  @KM-01
  Skenario: Setiap operasi terlindungi menolak permintaan tanpa kredensial
    Ketika setiap operasi terlindungi dipanggil oleh yang berhak, tanpa kredensial, lalu sekali lagi oleh yang berhak
    Maka setiap panggilan tanpa kredensial ditolak tanpa data dan tanpa akibat
    Dan peringatan: setiap penolakan itu menjawab 401 dan menyebut cara masuk

  @KM-02
  Skenario konsep: Kredensial <bentuk> ditolak
    Diketahui pengaduan P1 dari pelapor A
    Dan kontrol: tanpa kredensial P1 tidak terbaca
    Ketika P1 dibaca dan pengaduan pelapor A diubah dengan kredensialnya, dengan kredensial <bentuk>, lalu dengan kredensialnya lagi
    Maka setiap panggilan dengan kredensial itu ditolak tanpa data dan tanpa akibat

    Contoh:
      | bentuk            |
      | 40 karakter acak  |
      | tiga bagian a.b.c |
      | kosong            |

  @KM-02
  Skenario konsep: Dengan <kredensial> pengaduan pelapor B tetap tertutup
    Diketahui pengaduan P1 dari pelapor A
    Dan pengaduan P2 dari pelapor B
    Dan kontrol: tanpa kredensial P1 dan P2 tidak terbaca
    Dan kontrol: pelapor B membaca P2 secara utuh
    Ketika P1 dan P2 dibaca dengan <kredensial>
    Maka P2 tidak terbaca dengan kredensial itu
    Dan peringatan: P1 <lazimnya> dengan kredensial itu
    Dan kontrol: pelapor B membaca P2 secara utuh

    Contoh: Token sah di bawah skema lain
      | kredensial                                      | lazimnya      |
      | token sah pelapor A dengan skema Basic          | tidak terbaca |
      | token sah pelapor A dengan skema Token          | tidak terbaca |
      | token sah pelapor A dengan skema berhuruf kecil | terbaca       |

    Contoh: Dua kredensial pada satu permintaan
      | kredensial                                     | lazimnya      |
      | token sah pelapor A lalu token mati pelapor B  | tidak terbaca |
      | token mati pelapor B lalu token sah pelapor A  | tidak terbaca |
