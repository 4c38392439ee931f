//! Words that the application uses beside those of [`crate::domain`]: roles, channels and acts.
//! Knows nothing of HTTP or of storage.

use crate::domain::vocabulary;

vocabulary! {
    /// What an account may do.
    Role {
        Reporter = "pelapor", "pelapor", "reporter";
        Admin = "admin", "admin instansi", "agency administrator";
        Officer = "petugas", "petugas unit", "officer of a unit";
        Overseer = "pengawas", "pengawas", "overseer";
        Hub = "hub", "SP4N-LAPOR!", "SP4N-LAPOR!";
    }
}

vocabulary! {
    /// By which door a complaint came in.
    Channel {
        Web = "web", "web", "web";
        App = "aplikasi", "aplikasi", "mobile application";
        Sms = "sms", "SMS", "SMS";
        Letter = "surat", "surat", "letter";
        Counter = "tatap_muka", "tatap muka", "at the counter";
        Hub = "hub", "hub", "the hub";
        Other = "lainnya", "lainnya", "other";
    }
}

vocabulary! {
    /// What somebody may do to a complaint; the identifier is the last segment of its address.
    Action {
        Verify = "verifikasi", "memverifikasi", "verify";
        RequestInfo = "permintaan-kelengkapan", "meminta kelengkapan", "ask for completion";
        Supplement = "kelengkapan", "melengkapi", "complete";
        Dispose = "disposisi", "mendisposisi", "dispose";
        Forward = "penerusan", "meneruskan", "forward";
        Postpone = "penundaan", "menunda", "postpone";
        Resume = "kelanjutan", "melanjutkan", "resume";
        Archive = "arsip", "mengarsipkan", "archive";
        FollowUp = "tindak-lanjut", "menindaklanjuti", "follow up";
        Note = "catatan", "mencatat internal", "note internally";
        Reply = "tanggapan", "menanggapi", "reply";
        Close = "penutupan", "menutup", "close";
        Reopen = "pembukaan-kembali", "membuka kembali", "reopen";
        Withdraw = "pencabutan", "mencabut", "withdraw";
        Merge = "penggabungan", "menggabungkan", "merge";
        Rate = "penilaian", "menilai", "rate";
        Attach = "lampiran", "melampiri", "attach";
        Correct = "perbaikan", "memperbaiki", "correct";
        Erase = "penghapusan-data-pribadi", "menghapus data pribadi", "erase personal data";
    }
}
