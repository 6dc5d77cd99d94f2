-- Older code may run: a trigger sorts the free text that it writes, and the new columns have
-- defaults.

-- The 14 allergens of the European Union as codes, free text beside them, and diets. Texts that are
-- recognised become codes; all others are kept, and so are words that say more, such as wheat.
alter table menu_items
  add column other_allergens text[] not null default '{}',
  add column diet_tags text[] not null default '{}';

-- The rows of all restaurants change, and the menus in memory with them.
alter table menu_items no force row level security;
alter table restaurants no force row level security;

with known (allergen, is_narrower, words) as (
  values
    ('gluten', true, 'wheat|weizen|ble|trigo|frumento|rye|roggen|barley|gerste|oats|oat|hafer|spelt|dinkel|kamut'),
    ('gluten', true, 'blé'),
    ('gluten', false, 'gluten|cereals containing gluten|glutenhaltiges getreide|céréales contenant du gluten|cereales con gluten'),
    ('gluten', false, 'cereali contenenti glutine|ธัญพืชที่มีกลูเตน|حبوب تحتوي على الغلوتين|グルテンを含む穀物|含麸质的谷物|글루텐 함유 곡물'),
    ('gluten', false, 'glutine|cereals|cereal|getreide|glutenhaltig|contains gluten|gluten cereals|cereales contenant du gluten'),
    ('crustaceans', true, 'prawns|shrimps|shrimp|prawn|lobster|crab|garnelen|hummer|crevettes|gambas|gamberi'),
    ('crustaceans', false, 'crustaceans|krebstiere|crustacés|crustáceos|crostacei|สัตว์น้ำเปลือกแข็ง|قشريات|甲殻類|甲壳类|갑각류'),
    ('crustaceans', false, 'crustacean|krustentiere|krebse|krebs|crustaces|crustaceos'),
    ('eggs', false, 'eggs|eier|œufs|huevos|uova|ไข่|بيض|卵|鸡蛋|달걀|egg|ei|huhnerei|oeuf|oeufs|huevo|uovo|chicken eggs'),
    ('fish', false, 'fish|fisch|poisson|pescado|pesce|ปลา|سمك|魚|鱼|생선|fische|poissons|pescados|pesci'),
    ('peanuts', false, 'peanuts|erdnüsse|arachides|cacahuetes|arachidi|ถั่วลิสง|فول سوداني|落花生|花生|땅콩|peanut|erdnuss'),
    ('peanuts', false, 'arachide|cacahuete|cacahuate|cacahuates|erdnusse|erdnuß'),
    ('soybeans', false, 'soybeans|sojabohnen|soja|soia|ถั่วเหลือง|فول الصويا|大豆|대두|soy|soya|soybean|sojabohne'),
    ('milk', true, 'lactose|laktose|lattosio|lactosa|butter|cream|cheese|kase|sahne|käse'),
    ('milk', false, 'milk|milch|lait|leche|latte|นม|حليب|乳|牛奶|우유|dairy|milch und milcherzeugnisse|milchprodukte'),
    ('milk', false, 'milk products|latticini|lacteos|produits laitiers'),
    ('nuts', true, 'almonds|almond|mandeln|hazelnuts|hazelnut|haselnusse|walnuts|walnut|walnusse|cashews|cashewnusse'),
    ('nuts', true, 'pecan|pecannusse|pekannusse|pekanusse|pistachios|pistazien|macadamia|haselnüsse|walnüsse|cashewnüsse'),
    ('nuts', true, 'pekannüsse|pekanüsse'),
    ('nuts', false, 'nuts|schalenfrüchte|fruits à coque|frutos de cáscara|frutta a guscio|ถั่วเปลือกแข็ง|مكسرات'),
    ('nuts', false, 'ナッツ類|坚果|견과류|nut|tree nuts|tree nut|nusse|nuss|shell fruits|noix|fruits a coques|nueces|frutos secos'),
    ('nuts', false, 'noci|schalenfruchte|fruits a coque|frutos de cascara|nüsse|nuß'),
    ('celery', false, 'celery|sellerie|céleri|apio|sedano|ขึ้นฉ่าย|كرفس|セロリ|芹菜|셀러리|celeriac|selleriesamen|celeri'),
    ('mustard', false, 'mustard|senf|moutarde|mostaza|senape|มัสตาร์ด|خردل|マスタード|芥末|겨자|senfkorner'),
    ('sesame', false, 'sesame|sesam|sésame|sésamo|sesamo|งา|سمسم|ごま|芝麻|참깨|sesame seeds|sesamsamen|graines de sesame'),
    ('sesame', false, 'ajonjoli'),
    ('sulphites', false, 'sulphites|sulphur dioxide and sulphites|schwefeldioxid und sulfite|anhydride sulfureux et sulfites'),
    ('sulphites', false, 'dióxido de azufre y sulfitos|anidride solforosa e solfiti|ซัลเฟอร์ไดออกไซด์และซัลไฟต์|ثاني أكسيد الكبريت والكبريتيت'),
    ('sulphites', false, '二酸化硫黄と亜硫酸塩|二氧化硫和亚硫酸盐|이산화황과 아황산염|sulfites|sulphite|sulfite|sulfit|sulphur dioxide|sulfur dioxide'),
    ('sulphites', false, 'schwefeldioxid|sulfitos|solfiti|so2|sulphurs|dioxido de azufre y sulfitos'),
    ('lupin', false, 'lupin|lupinen|altramuces|lupini|ลูพิน|ترمس|ルピナス|羽扇豆|루핀|lupine|lupins|altramuz|lupino'),
    ('molluscs', true, 'mussels|oysters|squid|octopus|muscheln|austern|tintenfisch|moules|calamari'),
    ('molluscs', false, 'molluscs|weichtiere|mollusques|moluscos|molluschi|หอยและหมึก|رخويات|軟体動物|软体动物|연체동물|mollusc'),
    ('molluscs', false, 'mollusks|mollusk|weichtier|mollusque|molusco|mollusco')
), word (allergen, is_narrower, word) as (
  select allergen, is_narrower, unnest(string_to_array(words, '|')) from known
), sorted as (
  select i.restaurant_id, i.id,
    coalesce(array_agg(distinct w.allergen) filter (where w.allergen is not null), '{}') as codes,
    coalesce(array_agg(t.said order by t.place) filter (where w.allergen is null or w.is_narrower), '{}') as others
  from menu_items i
  cross join lateral unnest(i.allergens) with ordinality t(said, place)
  left join word w on w.word = lower(btrim(t.said))
  group by i.restaurant_id, i.id
)
update menu_items i
set allergens = array(select c from unnest(array['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soybeans', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs']) with ordinality a(c, place) where c = any (s.codes) order by a.place),
    other_allergens = s.others
from sorted s
where i.restaurant_id = s.restaurant_id and i.id = s.id;

alter table restaurants force row level security;
alter table menu_items force row level security;

-- Older code writes free text for as long as it runs: all that is no code is kept as text.
create function sort_allergens() returns trigger
language plpgsql as $$
begin
  new.other_allergens := new.other_allergens || array(
    select said from unnest(new.allergens) with ordinality t(said, place)
    where said <> all (array['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soybeans', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs']) and said <> all (new.other_allergens)
    order by place);
  new.allergens := array(
    select said from unnest(new.allergens) with ordinality t(said, place)
    where said = any (array['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soybeans', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs'])
    order by place);
  return new;
end $$;
create trigger menu_items_sort_allergens before insert or update of allergens on menu_items
  for each row
  when (not new.allergens <@ array['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soybeans', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs'])
  execute function sort_allergens();

alter table menu_items add constraint menu_items_allergens_check check (
  allergens <@ array['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soybeans', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs']);
