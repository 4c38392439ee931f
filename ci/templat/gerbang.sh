#!/bin/sh
# Gerbang pra-integrasi: hanya membuka bila sertifikat sah menurut kebijakan hub, tanpa jaringan.
# Pre-integration gate: opens only for a certificate that is valid under the hub's policy, offline. POSIX sh.
#
#   gerbang.sh        dijalankan oleh HUB, bukan oleh yang meminta sambungan / run by the HUB, not by who asks
#
# Masukan / input (variabel lingkungan / environment):
#   LAIK_PROGRAM      program laik (bawaan / default: laik)
#   LAIK_KEBIJAKAN    kebijakan; dari repositori hub yang dijaga, tidak pernah dari pemohon / the policy; from the hub's
#                     own guarded repository, never from the applicant (bawaan / default: kebijakan.toml)
#   LAIK_SERTIFIKAT   sertifikat pemohon / the applicant's certificate (sertifikat.json)
#   LAIK_STATUS       daftar status terbaru dari pokja / the newest status list of the pokja (status.json)
#   LAIK_INGATAN      ingatan gerbang; harus bertahan di antara pekerjaan, di luar ruang kerja CI / the gate's memory;
#                     must outlive the job, outside the workspace of the CI (wajib / required)
#   LAIK_RAKITAN      SHA-256 rakitan yang akan disambungkan, bila ada / SHA-256 of the build, where there is one
#   LAIK_JAWABAN      jawaban JSON (bawaan / default: jawaban-gerbang.json)
#
# Kode keluar / exit code: 0 buka; 1 3 6 tutup; 2 4 salah pakai atau galat. Hanya 0 berarti ya.
# 0 open; 1 3 6 shut; 2 4 wrong usage or a fault. Only 0 is a yes.
set -eu

program=${LAIK_PROGRAM:-laik}
jawaban=${LAIK_JAWABAN:-jawaban-gerbang.json}
# Ingatan tidak dibuat diam-diam: sekali saja, dengan tangan, memakai --new-state (docs/gerbang.md).
# The memory is not made silently: once, by hand, with --new-state.
ingatan=${LAIK_INGATAN:?'berkas ingatan gerbang / file of the gate memory'}

set -- gate --policy "${LAIK_KEBIJAKAN:-kebijakan.toml}" --certificate "${LAIK_SERTIFIKAT:-sertifikat.json}" \
    --status "${LAIK_STATUS:-status.json}" --state "$ingatan" --json
[ -z "${LAIK_RAKITAN:-}" ] || set -- "$@" --build "$LAIK_RAKITAN"

kode=0
"$program" "$@" >"$jawaban" || kode=$?
cat "$jawaban"
if [ "$kode" = 0 ]; then
    echo 'gerbang: BUKA / gate: OPEN' >&2
else
    echo "gerbang: TUTUP (kode $kode) / gate: SHUT (code $kode)" >&2
fi
exit "$kode"
