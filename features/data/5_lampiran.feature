# language: id
# Berkas kembali seperti yang dikirim. Bitanya: berkas_uji.toml.
Fitur: Lampiran

  @DT-16
  Skenario konsep: Dua lampiran yang dikirim bersama pengaduan, <berkas>, kembali sama
    Ketika pelapor A mengirim pengaduan P1 dengan berkas uji <berkas>
    Dan P1 menempuh langkah:
      | aktor | tindakan      |
      | admin | memverifikasi |
      | admin | mendisposisi  |
    Maka setiap berkas uji P1 sama dengan yang dikirim bagi pelapor A dan petugas

    Contoh:
      | berkas                      |
      | gambar PNG dan teks panjang |
      | gambar JPEG dan dokumen PDF |

  @DT-16
  Skenario: Lampiran yang ditambahkan kemudian kembali sama
    Diketahui pengaduan P1 dari pelapor A
    Ketika pelapor A melampiri P1 dengan berkas uji teks pendek dan gambar PNG
    Maka setiap berkas uji P1 sama dengan yang dikirim bagi pelapor A
