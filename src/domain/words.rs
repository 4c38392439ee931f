//! The closed lists of `model.md`.

use super::vocabulary::vocabulary;

vocabulary! {
    /// Who acts. `Publik` is nobody logged in.
    Actor {
        Publik = "publik", "publik", "the public";
        PelaporA = "pelapor_a", "pelapor A", "reporter A";
        PelaporB = "pelapor_b", "pelapor B", "reporter B";
        Admin = "admin", "admin", "the administrator";
        Petugas = "petugas", "petugas", "the officer";
        PetugasLain = "petugas_lain", "petugas lain", "the other officer";
        Pengawas = "pengawas", "pengawas", "the overseer";
        Hub = "hub", "hub", "the hub";
    }
}

vocabulary! {
    /// The four areas of the standard.
    Area {
        ProsesBisnis = "proses-bisnis", "Proses bisnis", "Business process";
        Data = "data", "Data", "Data";
        Teknologi = "teknologi", "Teknologi", "Technology";
        Keamanan = "keamanan", "Keamanan", "Security";
    }
}

vocabulary! {
    /// A canonical operation. Its identifier names it in bindings, its words name it in features.
    Op {
        Submit = "submit", "mengirim pengaduan", "submit a complaint";
        Track = "track", "melacak", "track";
        Read = "read", "membaca", "read";
        List = "list", "mendaftar", "list";
        History = "history", "membaca riwayat", "read the history of";
        Categories = "categories", "membaca kategori", "read the categories";
        Agencies = "agencies", "membaca instansi", "read the agencies";
        Regions = "regions", "membaca wilayah", "read the regions";
        Verify = "verify", "memverifikasi", "verify";
        RequestInfo = "request_info", "meminta kelengkapan", "ask for completion of";
        Supplement = "supplement", "melengkapi", "complete";
        Dispose = "dispose", "mendisposisi", "dispose";
        Forward = "forward", "meneruskan", "forward";
        Postpone = "postpone", "menunda", "postpone";
        Resume = "resume", "melanjutkan", "resume";
        Archive = "archive", "mengarsipkan", "archive";
        FollowUp = "follow_up", "menindaklanjuti", "follow up";
        Note = "note", "mencatat internal", "note internally on";
        Reply = "reply", "menanggapi", "reply to";
        Close = "close", "menutup", "close";
        Reopen = "reopen", "membuka kembali", "reopen";
        Withdraw = "withdraw", "mencabut", "withdraw";
        Merge = "merge", "menggabungkan", "merge";
        Rate = "rate", "menilai", "rate";
        Attach = "attach", "melampiri", "attach to";
        Download = "download", "mengunduh", "download from";
        Correct = "correct", "memperbaiki", "correct";
        ExportPersonal = "export_personal", "mengekspor data pribadi", "export personal data of";
        Erase = "erase", "menghapus data pribadi", "erase personal data of";
        Search = "search", "mencari", "search";
        Export = "export", "mengekspor", "export";
        Statistics = "statistics", "membaca statistik", "read the statistics";
        Units = "units", "membaca unit", "read the units";
        SetClock = "set_clock", "menyetel jam uji", "set the test clock";
        Login = "login", "masuk", "log in";
        Logout = "logout", "keluar", "log out";
        Refresh = "refresh", "memperbarui sesi", "refresh the session";
        Health = "health", "membaca kesehatan", "read the health";
        OpenApi = "openapi", "membaca deskripsi API", "read the API description";
        HubDispatch = "hub.dispatch", "mengirim disposisi", "send a disposition";
        HubEvent = "hub.event", "mengirim peristiwa", "send an event";
        HubForward = "hub.forward", "meneruskan ke hub", "forward to the hub";
        HubUpdate = "hub.update", "mengirim pembaruan", "send an update";
        HubPull = "hub.pull", "menarik perubahan", "pull changes";
    }
}

vocabulary! {
    /// Where a complaint stands.
    Status {
        MenungguVerifikasi = "menunggu_verifikasi", "menunggu verifikasi", "awaiting verification";
        PerluKelengkapan = "perlu_kelengkapan", "perlu kelengkapan", "needs completion";
        Terverifikasi = "terverifikasi", "terverifikasi", "verified";
        Terdisposisi = "terdisposisi", "terdisposisi", "disposed";
        Diproses = "diproses", "diproses", "in progress";
        DitanggapiPelapor = "ditanggapi_pelapor", "ditanggapi pelapor", "answered by the reporter";
        Ditunda = "ditunda", "ditunda", "postponed";
        Selesai = "selesai", "selesai", "closed";
        Diarsipkan = "diarsipkan", "diarsipkan", "archived";
        Diteruskan = "diteruskan", "diteruskan", "forwarded";
        Dicabut = "dicabut", "dicabut", "withdrawn";
    }
}

vocabulary! {
    /// What kind of submission a record is.
    Classification {
        Pengaduan = "pengaduan", "pengaduan", "complaint";
        Aspirasi = "aspirasi", "aspirasi", "aspiration";
        PermintaanInformasi = "permintaan_informasi", "permintaan informasi", "request for information";
    }
}

vocabulary! {
    /// An entry of a complaint's history.
    Event {
        Dikirim = "dikirim", "dikirim", "submitted";
        Diverifikasi = "diverifikasi", "diverifikasi", "verified";
        DimintaLengkap = "diminta_lengkap", "diminta lengkap", "completion asked for";
        Dilengkapi = "dilengkapi", "dilengkapi", "completed";
        Didisposisi = "didisposisi", "didisposisi", "disposed";
        Diteruskan = "diteruskan", "diteruskan", "forwarded";
        Ditunda = "ditunda", "ditunda", "postponed";
        Dilanjutkan = "dilanjutkan", "dilanjutkan", "resumed";
        Diarsipkan = "diarsipkan", "diarsipkan", "archived";
        Ditindaklanjuti = "ditindaklanjuti", "ditindaklanjuti", "followed up";
        DicatatInternal = "dicatat_internal", "dicatat internal", "noted internally";
        Ditanggapi = "ditanggapi", "ditanggapi", "replied to";
        Ditutup = "ditutup", "ditutup", "closed";
        DibukaKembali = "dibuka_kembali", "dibuka kembali", "reopened";
        Dicabut = "dicabut", "dicabut", "withdrawn";
        Digabung = "digabung", "digabung", "merged";
        Dinilai = "dinilai", "dinilai", "rated";
        Dilampirkan = "dilampirkan", "dilampirkan", "attached to";
        Dikoreksi = "dikoreksi", "dikoreksi", "corrected";
    }
}

vocabulary! {
    /// What a statement may claim.
    Capability {
        Anonim = "anonim", "anonim", "anonymous complaints";
        Rahasia = "rahasia", "rahasia", "secret complaints";
        Lampiran = "lampiran", "lampiran", "attachments";
        PelacakanPublik = "pelacakan_publik", "pelacakan publik", "public tracking";
        HubMasuk = "hub_masuk", "hub masuk", "receives dispositions of the hub";
        HubKeluar = "hub_keluar", "hub keluar", "sends updates to the hub";
        HubTarik = "hub_tarik", "hub tarik", "is polled by the hub";
        MultiUnit = "multi_unit", "multi unit", "several units";
        Kelengkapan = "kelengkapan", "kelengkapan", "asks for completion";
        Redisposisi = "redisposisi", "redisposisi", "repeated disposition";
        GabungDuplikat = "gabung_duplikat", "gabung duplikat", "merging of duplicates";
        Penilaian = "penilaian", "penilaian", "rating";
        BukaKembali = "buka_kembali", "buka kembali", "reopening";
        Cabut = "cabut", "cabut", "withdrawal";
        Pengawas = "pengawas", "pengawas", "overseer";
        Statistik = "statistik", "statistik", "statistics";
        Tenggat = "tenggat", "tenggat", "deadlines";
        JamUji = "jam_uji", "jam uji", "test clock";
        OAuth2 = "oauth2", "OAuth2", "OAuth2";
        SesiKuki = "sesi_kuki", "sesi kuki", "cookie sessions";
        Webhook = "webhook", "webhook", "webhooks";
        Etag = "etag", "ETag", "ETag";
        Idempotensi = "idempotensi", "idempotensi", "idempotency keys";
        HakPdp = "hak_pdp", "hak PDP", "personal-data rights";
        OpenApi = "openapi", "OpenAPI", "OpenAPI";
        Wakil = "wakil", "wakil", "complaints on behalf";
        CatatanInternal = "catatan_internal", "catatan internal", "internal notes";
        Arsip = "arsip", "arsip", "archiving";
        Tunda = "tunda", "tunda", "postponement";
        Pencarian = "pencarian", "pencarian", "search";
        Ekspor = "ekspor", "ekspor", "export";
        HttpTeksPolos = "http_teks_polos", "HTTP teks polos", "plain HTTP (test target)";
    }
}

vocabulary! {
    /// For what an application is judged; a higher profile holds the lower ones.
    Profile {
        Mandiri = "mandiri", "mandiri", "stand-alone";
        Terintegrasi = "terintegrasi", "terintegrasi", "integrated";
        Paripurna = "paripurna", "paripurna", "complete";
    }
}

impl Profile {
    /// The capabilities that the profile demands (model.md, *Profiles*); each inner list is "any of".
    pub const fn mandatory(self) -> &'static [&'static [Capability]] {
        use Capability as C;
        match self {
            Self::Mandiri => &[],
            Self::Terintegrasi | Self::Paripurna => &[
                &[C::HubMasuk],
                &[C::HubKeluar, C::HubTarik],
                &[C::Tenggat],
                &[C::Anonim],
                &[C::Rahasia],
                &[C::Lampiran],
                &[C::PelacakanPublik],
            ],
        }
    }
}

impl Status {
    /// Whether the standard allows no further move.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Diarsipkan | Self::Diteruskan | Self::Dicabut)
    }

    /// The moves that the standard allows from here (model.md, *Allowed moves*), statement options apart.
    pub const fn moves(self) -> &'static [Self] {
        use Status as S;
        match self {
            S::MenungguVerifikasi => &[
                S::Terverifikasi,
                S::PerluKelengkapan,
                S::Ditunda,
                S::Diarsipkan,
                S::Diteruskan,
                S::Dicabut,
            ],
            S::PerluKelengkapan => &[S::MenungguVerifikasi, S::Diarsipkan, S::Dicabut],
            S::Terverifikasi => &[S::Terdisposisi, S::Diteruskan, S::Diarsipkan, S::Ditunda, S::Dicabut],
            S::Terdisposisi => &[S::Diproses, S::Terdisposisi, S::Diteruskan, S::Ditunda, S::Dicabut],
            S::Diproses => &[S::Diproses, S::DitanggapiPelapor, S::Selesai, S::Terdisposisi],
            S::DitanggapiPelapor => &[S::DitanggapiPelapor, S::Diproses, S::Selesai],
            S::Ditunda => &[S::MenungguVerifikasi, S::Terverifikasi, S::Terdisposisi],
            S::Selesai => &[S::Diproses],
            S::Diarsipkan | S::Diteruskan | S::Dicabut => &[],
        }
    }
}
