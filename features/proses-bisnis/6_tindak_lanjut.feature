# language: id
# Pelapor mendapat jawaban, dan pengaduan ditutup sesudahnya.
Fitur: Tindak lanjut dan penutupan

  # Yang dibaca sebelumnya menunjukkan tampilan lama yang tidak diperbarui.
  @PB-14
  Skenario konsep: Jawaban publik atas <klasifikasi> sampai kepada pelapor
    Diketahui pengaduan P1 berklasifikasi "<klasifikasi>" yang berstatus "terdisposisi"
    Ketika pelapor A dan publik membaca kabar P1
    Dan petugas menindaklanjuti P1 dua kali dengan teks berbeda
    Maka admin melihat kedua tindak lanjut P1 berurutan, dengan waktu dan oleh
    Dan pelapor A dan publik melihat kedua tindak lanjut P1 berurutan
    Dan P1 berstatus "diproses" bagi admin, pelapor A, dan publik

    Contoh:
      | klasifikasi          |
      | pengaduan            |
      | permintaan_informasi |

  # P2 menunjukkan bahwa penutupan yang sama berlaku begitu ada satu tindak lanjut.
  @PB-17
  Skenario: Pengaduan ditutup sesudah tindak lanjut, tidak sebelumnya
    Diketahui pengaduan P1 berstatus "terdisposisi"
    Dan pengaduan P2 berstatus "terdisposisi"
    Ketika admin mencoba menutup P1
    Dan petugas menindaklanjuti P2
    Dan admin mencoba menutup P2
    Maka P2 berstatus "selesai" bagi admin, pelapor A, dan publik
    Dan P1 tetap berstatus "terdisposisi" bagi admin, pelapor A, dan publik
    Dan penutupan P2 tercatat oleh admin bagi admin dan pelapor A

  @PB-17
  Skenario: Catatan internal bukan tindak lanjut
    Diketahui pengaduan P1 berstatus "terdisposisi"
    Dan pengaduan P2 berstatus "terdisposisi"
    Ketika petugas menambah catatan internal pada P1
    Dan admin mencoba menutup P1
    Dan petugas menindaklanjuti P2
    Dan admin menutup P2
    Maka P1 tetap berstatus "terdisposisi" bagi admin, pelapor A, dan publik
