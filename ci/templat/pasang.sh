#!/bin/sh
# Memasang laik dari arsip rilis, hanya bila SHA-256-nya tepat yang Anda catat. POSIX sh; curl hanya untuk mengunduh.
# Installs laik from a release archive, only if its SHA-256 is the one that you noted. curl for downloads alone.
#
#   pasang.sh DIR           menaruh DIR/laik / leaves DIR/laik
#
#   LAIK_ARSIP    alamat https:// atau berkas arsip (.tar.gz) / https:// address or file of the archive
#   LAIK_SHA256   SHA-256 arsip itu dari SHA256SUMS rilis, dicatat di repositori Anda setelah diperiksa seseorang
#                 its SHA-256 from the release's SHA256SUMS, kept in your repository after someone has checked it
set -eu
tujuan=${1:?'pasang.sh DIR'}
arsip=${LAIK_ARSIP:?'LAIK_ARSIP: alamat atau berkas arsip rilis / address or file of the release archive'}
jumlah=${LAIK_SHA256:?'LAIK_SHA256: SHA-256 arsip / SHA-256 of the archive'}

kerja=$(mktemp -d)
trap 'rm -rf "$kerja"' EXIT
trap 'exit 1' HUP INT TERM
case $arsip in
https://*) curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --max-time 300 \
    --output "$kerja/laik.tar.gz" "$arsip" ;;
*://*) echo "bukan https / not https: $arsip" >&2 && exit 2 ;;
*) cp "$arsip" "$kerja/laik.tar.gz" ;;
esac
# Diperiksa sebelum dibuka. / Checked before it is opened.
echo "$jumlah  $kerja/laik.tar.gz" | sha256sum -c - >/dev/null || {
    echo "SHA-256 arsip bukan LAIK_SHA256; tidak dipasang / not LAIK_SHA256; not installed" >&2
    exit 6
}
mkdir "$kerja/isi"
tar -xzf "$kerja/laik.tar.gz" -C "$kerja/isi" --strip-components 1
mkdir -p "$tujuan"
cp "$kerja/isi/laik" "$tujuan/laik"
chmod 0755 "$tujuan/laik"
"$tujuan/laik" --version
