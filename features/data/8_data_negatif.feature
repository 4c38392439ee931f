# language: id
# Dari setiap isian yang terikat: satu kesalahan setiap kiriman, dengan penanda; daftar admin dilihat sesudah setiap sepuluh.
Fitur: Data negatif

  @DT-28
  Skenario: Masukan yang tidak sah ditolak, ditunjuk, dan tidak tersimpan
    Ketika masukan negatif dikirim kepada setiap operasi yang menerima isian, satu kesalahan setiap kiriman
    Maka setiap masukan negatif ditolak
    Dan tidak satu pun masukan negatif tersimpan
    Dan penolakan isian menyebut isian yang salah
