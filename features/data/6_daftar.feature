# language: id
# Daftar dapat ditelusuri sampai habis tanpa ada yang terlewat.
Fitur: Daftar dan halaman

  @DT-19
  Skenario: Penelusuran halaman demi halaman lengkap dan mantap
    Diketahui 13 pengaduan baku, sekurang-kurangnya 4 dalam satu detik
    Ketika admin menelusuri daftar 2 kali dengan halaman berisi 5
    Dan admin menelusuri daftar 1 kali dengan halaman berisi 5 sementara 3 pengaduan baru masuk sesudah halaman pertama
    Dan admin meminta halaman sesudah halaman terakhir
    Maka kedua penelusuran pertama berurutan sama tanpa pengulangan
    Dan setiap penelusuran memuat semua pengaduan yang ada sejak awalnya
    Dan halaman itu kosong atau tidak ada

  # Yang didahului tanda minus, nol, dan kata bukanlah ukuran: aplikasi boleh memakai bawaannya atau menolak.
  @DT-20
  Skenario: Ukuran halaman dipatuhi sampai batasnya
    Diketahui pengaduan lebih banyak daripada yang muat pada halaman terbesar admin
    Ketika admin meminta daftar dengan ukuran:
      | ukuran    |
      | 1         |
      | 2         |
      | batas     |
      | batas + 1 |
      | 100000    |
      | 0         |
      | -1        |
      | abc       |
    Maka ukuran di dalam batas dipatuhi
    Dan ukuran lain dibatasi atau ditolak

  @DT-20
  Skenario: Halaman yang dibatasi tidak melewatkan pengaduan
    Diketahui pengaduan lebih banyak daripada yang muat pada halaman terbesar admin
    Ketika admin menelusuri daftar dengan halaman lebih besar daripada batasnya
    Maka penelusuran itu ditolak atau tidak melewatkan satu pengaduan pun
