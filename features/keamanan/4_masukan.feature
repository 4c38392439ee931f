# language: id
# Pasal 27 ayat (4) Perban BSSN 4/2021: validasi input.
Fitur: Validasi masukan

  @KM-24
  Skenario konsep: Parameter <kelompok> tidak mengubah perintah basis data
    Diketahui setiap parameter <kelompok> dengan nilai dasar yang memberi hasil
    Ketika setiap parameter <kelompok> diberi pasangan benar, salah, dan tanpa operator, 3 putaran
    Maka tidak satu pun jawaban mengikuti nilai kebenaran yang disisipkan

    Contoh: Kelompok parameter
      | kelompok               |
      | saringan dan pencarian |
      | angka                  |
      | kunci urut             |
      | nomor dan id           |
