# language: id
# Pasal 27 ayat (1) Perban BSSN 4/2021: autentikasi.
Fitur: Autentikasi

  @KM-01
  Skenario: Setiap operasi terlindungi menolak permintaan tanpa kredensial
    Ketika setiap operasi terlindungi dipanggil oleh yang berhak, tanpa kredensial, lalu sekali lagi oleh yang berhak
    Maka setiap panggilan tanpa kredensial ditolak tanpa data dan tanpa akibat
    Dan peringatan: setiap penolakan itu menjawab 401 dan menyebut cara masuk
