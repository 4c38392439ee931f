# language: id
# Klien hanya dapat mengandalkan jawaban yang kodenya benar dan yang galatnya dapat dibaca mesin.
Fitur: Jawaban dan galat

  @TK-01
  Skenario: Yang tidak ada dijawab sebagai penolakan
    Diketahui pengaduan P1 dari pelapor A
    Dan kontrol: pelapor A membaca P1 secara utuh
    Ketika pelapor A mencoba membaca yang tidak ada, serupa dengan P1
    Maka setiap penolakan dijawab sebagai penolakan
    Dan kontrol: pelapor A membaca P1 secara utuh

  @TK-01
  Skenario: Pengaduan orang lain dijawab sebagai penolakan
    Diketahui pengaduan P1 dari pelapor A
    Dan kontrol: pelapor A membaca P1 secara utuh
    Ketika pelapor B mencoba membaca P1 yang bukan miliknya
    Maka setiap penolakan dijawab sebagai penolakan
    Dan kontrol: pelapor A membaca P1 secara utuh

  @TK-01
  Skenario: Masuk yang gagal dan alamat yang tidak ada dijawab sebagai penolakan
    Diketahui pengaduan P1 dari pelapor A
    Ketika masuk dicoba dengan nilai yang salah
    Dan pelapor A mencoba alamat yang tidak pernah diumumkan
    Maka setiap penolakan dijawab sebagai penolakan
    Dan peringatan: setiap alamat di luar API dijawab sebagai penolakan
    Dan kontrol: pelapor A membaca P1 secara utuh

  @TK-03
  Skenario: Galat yang lazim dapat diurai mesin
    Diketahui pengaduan P1 dari pelapor A
    Ketika galat yang lazim dipancing dengan P1:
      | galat                       |
      | isi kiriman yang bukan JSON |
      | pembacaan tanpa kredensial  |
      | id yang tidak ada           |
      | pengaduan orang lain        |
      | token yang tidak dikenal    |
      | kategori yang tidak ada     |
    Maka setiap jawaban galat dapat diurai mesin dan tidak bertentangan dengan kode statusnya
    Dan peringatan: setiap jawaban galat berbentuk seperti yang dianjurkan

  @TK-03
  Skenario: Setiap galat sepanjang pengujian dapat diurai mesin
    Ketika seluruh pertukaran pengujian ini diperiksa
    Maka setiap jawaban galat dapat diurai mesin dan tidak bertentangan dengan kode statusnya
    Dan peringatan: setiap jawaban galat berbentuk seperti yang dianjurkan
    Dan cukup bukti: sekurang-kurangnya 3 jenis galat terlihat
