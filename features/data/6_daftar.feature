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
