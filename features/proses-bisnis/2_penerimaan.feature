# language: id
# Apa yang diakui diterima benar-benar tersimpan, satu demi satu maupun serentak.
Fitur: Penerimaan pengaduan

  @PB-02
  Skenario: Tanda terima menunjuk pengaduan yang benar-benar tersimpan
    Ketika pelapor A mengirim satu pengaduan baku untuk setiap kategori dan setiap kanal yang terikat
    Maka setiap tanda terima memuat id, nomor_pelacakan, status, dan waktu_dibuat
    Dan pelapor A dan admin menemukan setiap pengaduan itu dengan penandanya sendiri
    Dan publik menemukan setiap pengaduan itu dengan penandanya sendiri, bila mengklaim pelacakan_publik

  # Kategori keempat, atau yang terakhir bila kategorinya lebih sedikit.
  @PB-02
  Skenario: Nomor pengaduan yang dicabut tidak menunjuk pengaduan lain
    Diketahui pengaduan P1 dan P2 dari pelapor A pada kategori keempat
    Ketika pelapor A mencabut P1, bila mengklaim cabut
    Dan pelapor A mengirim pengaduan P3 pada kategori keempat
    Maka pelapor A dan admin menemukan P3 dengan penandanya sendiri

  @PB-04
  Skenario: Dua puluh pengaduan yang dikirim serentak tetap dua puluh
    Ketika pelapor A dan pelapor B serentak mengirim 20 pengaduan baku, 2 kali
    Maka setiap kiriman yang diterima mempunyai id dan nomor_pelacakan sendiri
    Dan pelapor A, pelapor B, dan admin menemukan setiap pengaduan itu dengan penandanya sendiri
    Dan daftar admin memuat tepat kiriman yang diterima
    Dan cukup bukti: sekurang-kurangnya 10 dari 20 kiriman diterima setiap kali
