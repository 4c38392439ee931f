# language: id
# Yang ditulis orang kembali seperti yang ditulisnya. Bita teks uji: teks_uji.toml.
Fitur: Teks

  @DT-11
  Skenario konsep: Teks dengan <ragam> kembali utuh
    Diketahui pengaduan P1 dari pelapor A dengan teks uji <ragam>
    Ketika admin mendisposisi P1 dengan teks uji <ragam>, bila terikat dispose
    Dan petugas menindaklanjuti P1 dengan teks uji <ragam>
    Dan pelapor A menanggapi P1 dengan teks uji <ragam>, bila terikat reply
    Maka setiap teks P1 sama dengan yang dikirim bagi admin dan pelapor A

    Contoh:
      | ragam                                |
      | tanda kutip dan kurung sudut         |
      | huruf beraksen dan emoji             |
      | aksara Jawa dan Jawi                 |
      | baris kosong dan huruf kecil di awal |
      | kata yang mirip bilangan dan rumus   |
