select '漢' as a, 'ｶ' as half, 'Ａ' as full, '한글' as hangul, 'ไทย' as thai, 'नमस्ते' as hindi, 'שלום' as hebrew, 'ﷺ' as lig;
select '😀' as e, '👍🏽' as skin, '🇩🇪' as flag, '☃️' as vs, '①' as amb, '—' as dash, '　' as ideospace;
select E'\U00020000' as ext, E'\U0001F9FF' as nazar, E'\u1160' as jamo, E'\u0300' as lone, E'\u20e3' as key;
\pset border 2
select '漢' as a, 'ｶ' as half, 'Ａ' as full, '한글' as hangul, 'ไทย' as thai, 'नमस्ते' as hindi, 'שלום' as hebrew, 'ﷺ' as lig;
\x
select '😀' as e, '👍🏽' as skin, '🇩🇪' as flag, '☃️' as vs, '①' as amb, '—' as dash, '　' as ideospace;
\pset format wrapped
\pset columns 9
\x
select '漢字かな交じり文' as a, 'नमस्तेनमस्ते' as b;
