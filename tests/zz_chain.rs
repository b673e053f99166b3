use orm::prelude::*;
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M0 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M1>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M1 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M2>,
 #[orm(back_populates = next)] pub previous: HasMany<M0>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M2 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M3>,
 #[orm(back_populates = next)] pub previous: HasMany<M1>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M3 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M4>,
 #[orm(back_populates = next)] pub previous: HasMany<M2>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M4 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M5>,
 #[orm(back_populates = next)] pub previous: HasMany<M3>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M5 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M6>,
 #[orm(back_populates = next)] pub previous: HasMany<M4>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M6 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M7>,
 #[orm(back_populates = next)] pub previous: HasMany<M5>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M7 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M8>,
 #[orm(back_populates = next)] pub previous: HasMany<M6>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M8 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M9>,
 #[orm(back_populates = next)] pub previous: HasMany<M7>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M9 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M10>,
 #[orm(back_populates = next)] pub previous: HasMany<M8>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M10 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M11>,
 #[orm(back_populates = next)] pub previous: HasMany<M9>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M11 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M12>,
 #[orm(back_populates = next)] pub previous: HasMany<M10>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M12 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M13>,
 #[orm(back_populates = next)] pub previous: HasMany<M11>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M13 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M14>,
 #[orm(back_populates = next)] pub previous: HasMany<M12>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M14 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M15>,
 #[orm(back_populates = next)] pub previous: HasMany<M13>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M15 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M16>,
 #[orm(back_populates = next)] pub previous: HasMany<M14>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M16 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M17>,
 #[orm(back_populates = next)] pub previous: HasMany<M15>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M17 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M18>,
 #[orm(back_populates = next)] pub previous: HasMany<M16>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M18 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M19>,
 #[orm(back_populates = next)] pub previous: HasMany<M17>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M19 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M20>,
 #[orm(back_populates = next)] pub previous: HasMany<M18>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M20 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M21>,
 #[orm(back_populates = next)] pub previous: HasMany<M19>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M21 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M22>,
 #[orm(back_populates = next)] pub previous: HasMany<M20>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M22 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M23>,
 #[orm(back_populates = next)] pub previous: HasMany<M21>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M23 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M24>,
 #[orm(back_populates = next)] pub previous: HasMany<M22>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M24 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M25>,
 #[orm(back_populates = next)] pub previous: HasMany<M23>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M25 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M26>,
 #[orm(back_populates = next)] pub previous: HasMany<M24>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M26 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M27>,
 #[orm(back_populates = next)] pub previous: HasMany<M25>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M27 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M28>,
 #[orm(back_populates = next)] pub previous: HasMany<M26>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M28 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M29>,
 #[orm(back_populates = next)] pub previous: HasMany<M27>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M29 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M30>,
 #[orm(back_populates = next)] pub previous: HasMany<M28>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M30 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M31>,
 #[orm(back_populates = next)] pub previous: HasMany<M29>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M31 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M32>,
 #[orm(back_populates = next)] pub previous: HasMany<M30>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M32 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M33>,
 #[orm(back_populates = next)] pub previous: HasMany<M31>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M33 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M34>,
 #[orm(back_populates = next)] pub previous: HasMany<M32>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M34 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M35>,
 #[orm(back_populates = next)] pub previous: HasMany<M33>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M35 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M36>,
 #[orm(back_populates = next)] pub previous: HasMany<M34>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M36 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M37>,
 #[orm(back_populates = next)] pub previous: HasMany<M35>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M37 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M38>,
 #[orm(back_populates = next)] pub previous: HasMany<M36>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M38 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M39>,
 #[orm(back_populates = next)] pub previous: HasMany<M37>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M39 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M40>,
 #[orm(back_populates = next)] pub previous: HasMany<M38>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M40 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M41>,
 #[orm(back_populates = next)] pub previous: HasMany<M39>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M41 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M42>,
 #[orm(back_populates = next)] pub previous: HasMany<M40>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M42 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M43>,
 #[orm(back_populates = next)] pub previous: HasMany<M41>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M43 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M44>,
 #[orm(back_populates = next)] pub previous: HasMany<M42>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M44 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M45>,
 #[orm(back_populates = next)] pub previous: HasMany<M43>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M45 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M46>,
 #[orm(back_populates = next)] pub previous: HasMany<M44>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M46 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M47>,
 #[orm(back_populates = next)] pub previous: HasMany<M45>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M47 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M48>,
 #[orm(back_populates = next)] pub previous: HasMany<M46>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M48 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M49>,
 #[orm(back_populates = next)] pub previous: HasMany<M47>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M49 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M50>,
 #[orm(back_populates = next)] pub previous: HasMany<M48>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M50 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M51>,
 #[orm(back_populates = next)] pub previous: HasMany<M49>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M51 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M52>,
 #[orm(back_populates = next)] pub previous: HasMany<M50>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M52 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M53>,
 #[orm(back_populates = next)] pub previous: HasMany<M51>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M53 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M54>,
 #[orm(back_populates = next)] pub previous: HasMany<M52>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M54 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M55>,
 #[orm(back_populates = next)] pub previous: HasMany<M53>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M55 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M56>,
 #[orm(back_populates = next)] pub previous: HasMany<M54>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M56 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M57>,
 #[orm(back_populates = next)] pub previous: HasMany<M55>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M57 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M58>,
 #[orm(back_populates = next)] pub previous: HasMany<M56>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M58 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M59>,
 #[orm(back_populates = next)] pub previous: HasMany<M57>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M59 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M60>,
 #[orm(back_populates = next)] pub previous: HasMany<M58>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M60 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M61>,
 #[orm(back_populates = next)] pub previous: HasMany<M59>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M61 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M62>,
 #[orm(back_populates = next)] pub previous: HasMany<M60>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M62 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M63>,
 #[orm(back_populates = next)] pub previous: HasMany<M61>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M63 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M64>,
 #[orm(back_populates = next)] pub previous: HasMany<M62>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M64 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M65>,
 #[orm(back_populates = next)] pub previous: HasMany<M63>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M65 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M66>,
 #[orm(back_populates = next)] pub previous: HasMany<M64>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M66 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M67>,
 #[orm(back_populates = next)] pub previous: HasMany<M65>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M67 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M68>,
 #[orm(back_populates = next)] pub previous: HasMany<M66>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M68 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M69>,
 #[orm(back_populates = next)] pub previous: HasMany<M67>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M69 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M70>,
 #[orm(back_populates = next)] pub previous: HasMany<M68>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M70 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M71>,
 #[orm(back_populates = next)] pub previous: HasMany<M69>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M71 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M72>,
 #[orm(back_populates = next)] pub previous: HasMany<M70>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M72 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M73>,
 #[orm(back_populates = next)] pub previous: HasMany<M71>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M73 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M74>,
 #[orm(back_populates = next)] pub previous: HasMany<M72>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M74 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M75>,
 #[orm(back_populates = next)] pub previous: HasMany<M73>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M75 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M76>,
 #[orm(back_populates = next)] pub previous: HasMany<M74>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M76 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M77>,
 #[orm(back_populates = next)] pub previous: HasMany<M75>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M77 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M78>,
 #[orm(back_populates = next)] pub previous: HasMany<M76>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M78 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M79>,
 #[orm(back_populates = next)] pub previous: HasMany<M77>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M79 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M80>,
 #[orm(back_populates = next)] pub previous: HasMany<M78>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M80 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M81>,
 #[orm(back_populates = next)] pub previous: HasMany<M79>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M81 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M82>,
 #[orm(back_populates = next)] pub previous: HasMany<M80>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M82 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M83>,
 #[orm(back_populates = next)] pub previous: HasMany<M81>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M83 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M84>,
 #[orm(back_populates = next)] pub previous: HasMany<M82>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M84 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M85>,
 #[orm(back_populates = next)] pub previous: HasMany<M83>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M85 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M86>,
 #[orm(back_populates = next)] pub previous: HasMany<M84>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M86 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M87>,
 #[orm(back_populates = next)] pub previous: HasMany<M85>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M87 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M88>,
 #[orm(back_populates = next)] pub previous: HasMany<M86>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M88 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M89>,
 #[orm(back_populates = next)] pub previous: HasMany<M87>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M89 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M90>,
 #[orm(back_populates = next)] pub previous: HasMany<M88>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M90 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M91>,
 #[orm(back_populates = next)] pub previous: HasMany<M89>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M91 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M92>,
 #[orm(back_populates = next)] pub previous: HasMany<M90>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M92 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M93>,
 #[orm(back_populates = next)] pub previous: HasMany<M91>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M93 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M94>,
 #[orm(back_populates = next)] pub previous: HasMany<M92>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M94 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M95>,
 #[orm(back_populates = next)] pub previous: HasMany<M93>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M95 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M96>,
 #[orm(back_populates = next)] pub previous: HasMany<M94>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M96 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M97>,
 #[orm(back_populates = next)] pub previous: HasMany<M95>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M97 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M98>,
 #[orm(back_populates = next)] pub previous: HasMany<M96>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M98 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M99>,
 #[orm(back_populates = next)] pub previous: HasMany<M97>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M99 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M100>,
 #[orm(back_populates = next)] pub previous: HasMany<M98>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M100 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M101>,
 #[orm(back_populates = next)] pub previous: HasMany<M99>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M101 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M102>,
 #[orm(back_populates = next)] pub previous: HasMany<M100>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M102 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M103>,
 #[orm(back_populates = next)] pub previous: HasMany<M101>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M103 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M104>,
 #[orm(back_populates = next)] pub previous: HasMany<M102>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M104 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M105>,
 #[orm(back_populates = next)] pub previous: HasMany<M103>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M105 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M106>,
 #[orm(back_populates = next)] pub previous: HasMany<M104>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M106 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M107>,
 #[orm(back_populates = next)] pub previous: HasMany<M105>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M107 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M108>,
 #[orm(back_populates = next)] pub previous: HasMany<M106>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M108 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M109>,
 #[orm(back_populates = next)] pub previous: HasMany<M107>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M109 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M110>,
 #[orm(back_populates = next)] pub previous: HasMany<M108>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M110 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M111>,
 #[orm(back_populates = next)] pub previous: HasMany<M109>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M111 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M112>,
 #[orm(back_populates = next)] pub previous: HasMany<M110>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M112 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M113>,
 #[orm(back_populates = next)] pub previous: HasMany<M111>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M113 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M114>,
 #[orm(back_populates = next)] pub previous: HasMany<M112>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M114 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M115>,
 #[orm(back_populates = next)] pub previous: HasMany<M113>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M115 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M116>,
 #[orm(back_populates = next)] pub previous: HasMany<M114>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M116 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M117>,
 #[orm(back_populates = next)] pub previous: HasMany<M115>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M117 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M118>,
 #[orm(back_populates = next)] pub previous: HasMany<M116>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M118 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M119>,
 #[orm(back_populates = next)] pub previous: HasMany<M117>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M119 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M120>,
 #[orm(back_populates = next)] pub previous: HasMany<M118>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M120 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M121>,
 #[orm(back_populates = next)] pub previous: HasMany<M119>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M121 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M122>,
 #[orm(back_populates = next)] pub previous: HasMany<M120>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M122 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M123>,
 #[orm(back_populates = next)] pub previous: HasMany<M121>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M123 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M124>,
 #[orm(back_populates = next)] pub previous: HasMany<M122>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M124 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M125>,
 #[orm(back_populates = next)] pub previous: HasMany<M123>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M125 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M126>,
 #[orm(back_populates = next)] pub previous: HasMany<M124>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M126 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M127>,
 #[orm(back_populates = next)] pub previous: HasMany<M125>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M127 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M128>,
 #[orm(back_populates = next)] pub previous: HasMany<M126>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M128 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M129>,
 #[orm(back_populates = next)] pub previous: HasMany<M127>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M129 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M130>,
 #[orm(back_populates = next)] pub previous: HasMany<M128>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M130 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M131>,
 #[orm(back_populates = next)] pub previous: HasMany<M129>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M131 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M132>,
 #[orm(back_populates = next)] pub previous: HasMany<M130>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M132 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M133>,
 #[orm(back_populates = next)] pub previous: HasMany<M131>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M133 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M134>,
 #[orm(back_populates = next)] pub previous: HasMany<M132>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M134 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M135>,
 #[orm(back_populates = next)] pub previous: HasMany<M133>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M135 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M136>,
 #[orm(back_populates = next)] pub previous: HasMany<M134>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M136 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M137>,
 #[orm(back_populates = next)] pub previous: HasMany<M135>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M137 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M138>,
 #[orm(back_populates = next)] pub previous: HasMany<M136>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M138 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M139>,
 #[orm(back_populates = next)] pub previous: HasMany<M137>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M139 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M140>,
 #[orm(back_populates = next)] pub previous: HasMany<M138>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M140 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M141>,
 #[orm(back_populates = next)] pub previous: HasMany<M139>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M141 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M142>,
 #[orm(back_populates = next)] pub previous: HasMany<M140>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M142 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M143>,
 #[orm(back_populates = next)] pub previous: HasMany<M141>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M143 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M144>,
 #[orm(back_populates = next)] pub previous: HasMany<M142>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M144 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M145>,
 #[orm(back_populates = next)] pub previous: HasMany<M143>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M145 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M146>,
 #[orm(back_populates = next)] pub previous: HasMany<M144>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M146 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M147>,
 #[orm(back_populates = next)] pub previous: HasMany<M145>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M147 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M148>,
 #[orm(back_populates = next)] pub previous: HasMany<M146>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M148 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M149>,
 #[orm(back_populates = next)] pub previous: HasMany<M147>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M149 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M150>,
 #[orm(back_populates = next)] pub previous: HasMany<M148>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M150 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M151>,
 #[orm(back_populates = next)] pub previous: HasMany<M149>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M151 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M152>,
 #[orm(back_populates = next)] pub previous: HasMany<M150>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M152 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M153>,
 #[orm(back_populates = next)] pub previous: HasMany<M151>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M153 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M154>,
 #[orm(back_populates = next)] pub previous: HasMany<M152>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M154 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M155>,
 #[orm(back_populates = next)] pub previous: HasMany<M153>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M155 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M156>,
 #[orm(back_populates = next)] pub previous: HasMany<M154>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M156 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M157>,
 #[orm(back_populates = next)] pub previous: HasMany<M155>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M157 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M158>,
 #[orm(back_populates = next)] pub previous: HasMany<M156>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M158 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M159>,
 #[orm(back_populates = next)] pub previous: HasMany<M157>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M159 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M160>,
 #[orm(back_populates = next)] pub previous: HasMany<M158>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M160 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M161>,
 #[orm(back_populates = next)] pub previous: HasMany<M159>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M161 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M162>,
 #[orm(back_populates = next)] pub previous: HasMany<M160>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M162 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M163>,
 #[orm(back_populates = next)] pub previous: HasMany<M161>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M163 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M164>,
 #[orm(back_populates = next)] pub previous: HasMany<M162>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M164 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M165>,
 #[orm(back_populates = next)] pub previous: HasMany<M163>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M165 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M166>,
 #[orm(back_populates = next)] pub previous: HasMany<M164>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M166 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M167>,
 #[orm(back_populates = next)] pub previous: HasMany<M165>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M167 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M168>,
 #[orm(back_populates = next)] pub previous: HasMany<M166>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M168 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M169>,
 #[orm(back_populates = next)] pub previous: HasMany<M167>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M169 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M170>,
 #[orm(back_populates = next)] pub previous: HasMany<M168>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M170 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M171>,
 #[orm(back_populates = next)] pub previous: HasMany<M169>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M171 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M172>,
 #[orm(back_populates = next)] pub previous: HasMany<M170>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M172 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M173>,
 #[orm(back_populates = next)] pub previous: HasMany<M171>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M173 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M174>,
 #[orm(back_populates = next)] pub previous: HasMany<M172>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M174 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M175>,
 #[orm(back_populates = next)] pub previous: HasMany<M173>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M175 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M176>,
 #[orm(back_populates = next)] pub previous: HasMany<M174>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M176 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M177>,
 #[orm(back_populates = next)] pub previous: HasMany<M175>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M177 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M178>,
 #[orm(back_populates = next)] pub previous: HasMany<M176>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M178 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M179>,
 #[orm(back_populates = next)] pub previous: HasMany<M177>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M179 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M180>,
 #[orm(back_populates = next)] pub previous: HasMany<M178>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M180 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M181>,
 #[orm(back_populates = next)] pub previous: HasMany<M179>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M181 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M182>,
 #[orm(back_populates = next)] pub previous: HasMany<M180>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M182 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M183>,
 #[orm(back_populates = next)] pub previous: HasMany<M181>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M183 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M184>,
 #[orm(back_populates = next)] pub previous: HasMany<M182>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M184 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M185>,
 #[orm(back_populates = next)] pub previous: HasMany<M183>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M185 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M186>,
 #[orm(back_populates = next)] pub previous: HasMany<M184>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M186 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M187>,
 #[orm(back_populates = next)] pub previous: HasMany<M185>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M187 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M188>,
 #[orm(back_populates = next)] pub previous: HasMany<M186>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M188 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M189>,
 #[orm(back_populates = next)] pub previous: HasMany<M187>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M189 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M190>,
 #[orm(back_populates = next)] pub previous: HasMany<M188>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M190 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M191>,
 #[orm(back_populates = next)] pub previous: HasMany<M189>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M191 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M192>,
 #[orm(back_populates = next)] pub previous: HasMany<M190>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M192 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M193>,
 #[orm(back_populates = next)] pub previous: HasMany<M191>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M193 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M194>,
 #[orm(back_populates = next)] pub previous: HasMany<M192>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M194 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M195>,
 #[orm(back_populates = next)] pub previous: HasMany<M193>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M195 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M196>,
 #[orm(back_populates = next)] pub previous: HasMany<M194>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M196 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M197>,
 #[orm(back_populates = next)] pub previous: HasMany<M195>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M197 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M198>,
 #[orm(back_populates = next)] pub previous: HasMany<M196>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M198 { #[orm(primary_key)] pub id: i64, pub name: String,
 pub next_id: i64, #[orm(back_populates = previous)] pub next: BelongsTo<M199>,
 #[orm(back_populates = next)] pub previous: HasMany<M197>,
}
#[derive(Model, Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] pub struct M199 { #[orm(primary_key)] pub id: i64, pub name: String,
 #[orm(back_populates = next)] pub previous: HasMany<M198>,
}
fn main() {}

#[test]
fn documents_do_not_walk_the_chain() {
    let document = r#"{"id":1,"name":"a","next_id":0,"next":{"id":2,"name":"b","next_id":0}}"#;
    let row: M0 = serde_json::from_str(document).expect("the document is well-formed");
    let written = serde_json::to_string(&row).expect("it can be written");
    assert_eq!(written, r#"{"id":1,"name":"a","next_id":0,"next":{"id":2,"name":"b","next_id":0,"next":null,"previous":null}}"#);
}
