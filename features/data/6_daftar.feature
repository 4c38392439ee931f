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

  @DT-21
  Skenario: Daftar yang disaring memuat semua dan hanya yang cocok
    Diketahui pengaduan baku dalam 2 kategori dan 3 status
    Ketika admin menyaring daftar menurut status, menurut kategori, dan menurut keduanya
    Dan admin menyaring daftar menurut nilai yang tidak dikenal dan menurut nilai kosong
    Maka setiap daftar yang disaring memuat tepat pengaduan yang cocok
    Dan nilai yang tidak dikenal menghasilkan daftar kosong atau penolakan
    Dan nilai kosong sama dengan tanpa saringan atau ditolak
