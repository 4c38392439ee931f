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

  @DT-21
  Skenario: Daftar yang disaring memuat semua dan hanya yang cocok
    Diketahui pengaduan baku dalam 2 kategori dan 3 status
    Ketika admin menyaring daftar menurut status, menurut kategori, dan menurut keduanya
    Dan admin menyaring daftar menurut nilai yang tidak dikenal dan menurut nilai kosong
    Maka setiap daftar yang disaring memuat tepat pengaduan yang cocok
    Dan nilai yang tidak dikenal menghasilkan daftar kosong atau penolakan
    Dan nilai kosong sama dengan tanpa saringan atau ditolak
