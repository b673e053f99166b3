//! A chain of models that is longer than the compiler's limit of instantiations within each other is read from documents, written
//! to them, printed, compared and copied: the fields of related models do not call each other's code.
use orm::prelude::*;
use serde::{Deserialize, Serialize};

macro_rules! chain {
    ($($model:ident $next:ident;)*) => {$(
        #[derive(Model, Clone, Debug, PartialEq, Serialize, Deserialize)]
        struct $model {
            #[orm(primary_key)]
            id: i64,
            #[serde(default, skip_serializing)]
            next_id: Option<i64>,
            next: BelongsTo<Option<$next>>,
        }
    )*};
}
chain! {
    M0 M1; M1 M2; M2 M3; M3 M4; M4 M5; M5 M6; M6 M7; M7 M8; M8 M9; M9 M10; M10 M11; M11 M12; M12 M13; M13 M14;
    M14 M15; M15 M16; M16 M17; M17 M18; M18 M19; M19 M20; M20 M21; M21 M22; M22 M23; M23 M24; M24 M25; M25 M26;
    M26 M27; M27 M28; M28 M29; M29 M30; M30 M31; M31 M32; M32 M33; M33 M34; M34 M35; M35 M36; M36 M37; M37 M38;
    M38 M39; M39 M40; M40 M41; M41 M42; M42 M43; M43 M44; M44 M45; M45 M46; M46 M47; M47 M48; M48 M49; M49 M50;
    M50 M51; M51 M52; M52 M53; M53 M54; M54 M55; M55 M56; M56 M57; M57 M58; M58 M59; M59 M60; M60 M61; M61 M62;
    M62 M63; M63 M64; M64 M65; M65 M66; M66 M67; M67 M68; M68 M69; M69 M70; M70 M71; M71 M72; M72 M73; M73 M74;
    M74 M75; M75 M76; M76 M77; M77 M78; M78 M79; M79 M80; M80 M81; M81 M82; M82 M83; M83 M84; M84 M85; M85 M86;
    M86 M87; M87 M88; M88 M89; M89 M90; M90 M91; M91 M92; M92 M93; M93 M94; M94 M95; M95 M96; M96 M97; M97 M98;
    M98 M99; M99 M100; M100 M101; M101 M102; M102 M103; M103 M104; M104 M105; M105 M106; M106 M107; M107 M108;
    M108 M109; M109 M110; M110 M111; M111 M112; M112 M113; M113 M114; M114 M115; M115 M116; M116 M117; M117 M118;
    M118 M119; M119 M120; M120 M121; M121 M122; M122 M123; M123 M124; M124 M125; M125 M126; M126 M127; M127 M128;
    M128 M129; M129 M130; M130 M131; M131 M132; M132 M133; M133 M134; M134 M135; M135 M136; M136 M137; M137 M138;
    M138 M139; M139 M140;
}

#[derive(Model, Clone, Debug, PartialEq, Serialize, Deserialize)]
struct M140 {
    #[orm(primary_key)]
    id: i64,
}

#[test]
fn documents_of_a_long_chain_of_models() {
    let document = r#"{"id":0,"next":{"id":1,"next":{"id":2,"next":null}}}"#;
    let row: M0 = serde_json::from_str(document).expect("the document is well-formed");
    assert_eq!(serde_json::to_string(&row).expect("it can be written"), document);
    assert_eq!(row.clone(), row);
    assert!(format!("{row:?}").contains("M2"));
}
