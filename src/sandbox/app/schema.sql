-- Tables of the application; run whenever a database is opened.
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS akun (
  id TEXT PRIMARY KEY, nama_pengguna TEXT NOT NULL UNIQUE, peran TEXT NOT NULL, unit TEXT,
  garam BLOB NOT NULL, sandi BLOB NOT NULL, orang TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS kategori (id INTEGER PRIMARY KEY, nama TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS unit (id TEXT PRIMARY KEY, nama TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS instansi (id TEXT PRIMARY KEY, nama TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS pengaduan (
  id TEXT PRIMARY KEY, nomor TEXT NOT NULL, pemilik TEXT NOT NULL REFERENCES akun (id),
  status TEXT NOT NULL, klasifikasi TEXT NOT NULL, kategori INTEGER NOT NULL REFERENCES kategori (id),
  kanal TEXT NOT NULL, anonim INTEGER NOT NULL, nama_pelapor TEXT NOT NULL, terbit INTEGER NOT NULL,
  dibuat INTEGER NOT NULL, diperbarui INTEGER NOT NULL, dokumen TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS pengaduan_nomor ON pengaduan (nomor);
CREATE INDEX IF NOT EXISTS pengaduan_dibuat ON pengaduan (dibuat, id);
CREATE INDEX IF NOT EXISTS pengaduan_diperbarui ON pengaduan (diperbarui, id);
CREATE INDEX IF NOT EXISTS pengaduan_pemilik ON pengaduan (pemilik);
CREATE TABLE IF NOT EXISTS disposisi (
  pengaduan TEXT NOT NULL REFERENCES pengaduan (id), unit TEXT NOT NULL REFERENCES unit (id),
  PRIMARY KEY (pengaduan, unit)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS riwayat (
  urutan INTEGER PRIMARY KEY AUTOINCREMENT, pengaduan TEXT NOT NULL REFERENCES pengaduan (id), waktu INTEGER NOT NULL,
  pelaku TEXT NOT NULL, peristiwa TEXT NOT NULL, dari TEXT, ke TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS riwayat_pengaduan ON riwayat (pengaduan);
CREATE TRIGGER IF NOT EXISTS riwayat_tetap BEFORE UPDATE ON riwayat BEGIN SELECT RAISE(ABORT, 'riwayat hanya bertambah'); END;
CREATE TRIGGER IF NOT EXISTS riwayat_utuh BEFORE DELETE ON riwayat BEGIN SELECT RAISE(ABORT, 'riwayat hanya bertambah'); END;
CREATE TABLE IF NOT EXISTS berkas (
  id TEXT PRIMARY KEY, pengaduan TEXT NOT NULL REFERENCES pengaduan (id), catatan TEXT NOT NULL, isi BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS kata (
  kata TEXT NOT NULL, pengaduan TEXT NOT NULL REFERENCES pengaduan (id), PRIMARY KEY (kata, pengaduan)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS kata_pengaduan ON kata (pengaduan);
CREATE TABLE IF NOT EXISTS masuk (sp4n TEXT PRIMARY KEY, pengaduan TEXT NOT NULL UNIQUE REFERENCES pengaduan (id)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keluar (nomor INTEGER PRIMARY KEY AUTOINCREMENT, isi TEXT NOT NULL) STRICT;
