#!/bin/sh
# Menguji aplikasi dengan laik dalam CI mana pun, dan menyiapkan hasilnya untuk diunggah.
# Runs laik in any CI and leaves what it found for the upload. POSIX sh; needs nothing but laik.
#
#   laik.sh [PERNYATAAN [ID…]]      ID: persyaratan ini saja / these requirements alone
#
# Masukan / input (variabel lingkungan / environment):
#   LAIK_…                   rahasia yang disebut pernyataan, dari penyimpanan rahasia CI / secrets that the statement
#                            names, from the secret store of your CI
#   LAIK_PROGRAM             program laik (bawaan / default: laik)
#   LAIK_PERNYATAAN          pernyataan (bawaan / default: pernyataan.toml)
#   LAIK_HASIL               direktori hasil (bawaan / default: laik-hasil)
#   LAIK_INTRUSIF=1          sertakan persyaratan intrusif; HANYA pada staging. Tanpa ini yang intrusif tidak dinilai, dan
#                            profil yang mewajibkannya berakhir dengan kode 3 / intrusive requirements, too; staging ONLY.
#                            Without it they are not judged, and a profile that binds them ends with code 3
#   LAIK_TUNGGU_TINJAUAN=1   tinjauan yang menyusul membuat kode keluar 3; tanpa ini CI tidak menunggu peninjau
#                            waiting reviews make it exit code 3; without it CI does not wait for reviewers
#
# Hasil / output, dalam LAIK_HASIL / in LAIK_HASIL:
#   paket/          bukti utuh; simpan sebagai artefak / the evidence, whole; keep it as an artefact
#   laporan.html    laporan / the report
#   junit.xml       JUnit
#   laik.sarif      SARIF 2.1.0
#   ringkasan.md    ringkasan langkah; juga ke $GITHUB_STEP_SUMMARY bila ada / the step summary
#   kode            kode keluar / the exit code
#
# Kode keluar / exit code: yang dari `laik run`, tidak pernah diperhalus / that of `laik run`, never softened.
set -eu

program=${LAIK_PROGRAM:-laik}
pernyataan=${1:-${LAIK_PERNYATAAN:-pernyataan.toml}}
hasil=${LAIK_HASIL:-laik-hasil}

[ $# = 0 ] || shift
[ "${LAIK_INTRUSIF:-}" != 1 ] || set -- "$@" --intrusif
[ "${LAIK_TUNGGU_TINJAUAN:-}" = 1 ] || set -- "$@" --tinjauan-menyusul

# Hasil lama tidak boleh terbaca sebagai hasil kali ini. / An old result must not be read as this one's.
mkdir -p "$hasil"
rm -f "$hasil/laporan.html" "$hasil/junit.xml" "$hasil/laik.sarif" "$hasil/ringkasan.md" "$hasil/kode"
lama=$(cat "$hasil/paket/pak.sha256" 2>/dev/null || :)

kode=0
"$program" run "$pernyataan" "$@" --out "$hasil/paket" --timpa || kode=$?

# Bila ada paket baru: periksa, lalu buat laporannya. / Where there is a new pack: verify it, then make the reports.
baru=$(cat "$hasil/paket/pak.sha256" 2>/dev/null || :)
if [ -n "$baru" ] && [ "$baru" != "$lama" ]; then
    # Paket yang tidak utuh bukan bukti. / A pack that is not whole is no evidence.
    "$program" verify "$hasil/paket" || kode=6
    laporkan() {
        "$program" report "$hasil/paket" --format "$1" --out "$hasil/$2" && return
        # Laporan yang kurang tidak boleh tampak lulus. / A missing report must not look like a pass.
        [ "$kode" != 0 ] || kode=4
    }
    laporkan html laporan.html
    laporkan junit junit.xml
    laporkan sarif laik.sarif
    laporkan markdown ringkasan.md
elif [ "$kode" = 0 ]; then
    kode=4
fi

case $kode in
0) pesan='laik: memenuhi / conformant' ;;
1) pesan='laik: TIDAK memenuhi; baca laporan.html / NOT conformant; read laporan.html' ;;
2) pesan='laik: perintah atau pernyataan salah, tidak ada yang diuji / wrong usage or statement, nothing was judged' ;;
3) pesan='laik: belum dapat diputuskan; ini bukan lulus / undecided; this is no pass' ;;
4) pesan='laik: galat pada laik sendiri, bukan pada aplikasi / a fault of laik itself, not of the application' ;;
5) pesan='laik: aplikasi tidak terjangkau dari CI ini / the application cannot be reached from this CI' ;;
6) pesan='laik: paket bukti tidak utuh / the evidence pack is not whole' ;;
*) pesan="laik: berakhir dengan kode $kode (terputus?) / ended with code $kode (interrupted?)" ;;
esac
echo "$kode" >"$hasil/kode"
[ -f "$hasil/ringkasan.md" ] || echo "$pesan" >"$hasil/ringkasan.md"
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$hasil/ringkasan.md" >>"$GITHUB_STEP_SUMMARY"
echo "$pesan (kode keluar / exit code $kode)" >&2
exit "$kode"
