/** Names of allergens and diet tags in the languages in which Servio prints. */
import type { PrintLanguage } from '../restaurant/printLanguage.js';

type Names = Record<PrintLanguage, string>;

/** Annex II of Regulation (EU) 1169/2011, in its order. */
export const ALLERGENS = [
  'gluten',
  'crustaceans',
  'eggs',
  'fish',
  'peanuts',
  'soybeans',
  'milk',
  'nuts',
  'celery',
  'mustard',
  'sesame',
  'sulphites',
  'lupin',
  'molluscs',
] as const;
export type Allergen = (typeof ALLERGENS)[number];

export const DIET_TAGS = [
  'vegan',
  'vegetarian',
  'pescatarian',
  'halal',
  'kosher',
  'gluten_free',
  'lactose_free',
  'nut_free',
  'organic',
  'spicy',
] as const;
export type DietTag = (typeof DIET_TAGS)[number];

const ORDER: readonly PrintLanguage[] = ['en', 'de', 'fr', 'es', 'it', 'th', 'ar', 'ja', 'zh', 'ko'];

/** Names in the order of `ORDER`. */
function names(text: string): Names {
  const words = text.split('|');
  // Each list has one name for each language; a test counts them.
  return Object.fromEntries(ORDER.map((language, index) => [language, words[index] ?? ''])) as Names;
}

export const ALLERGEN_NAMES: Record<Allergen, Names> = {
  gluten: names(
    'Cereals containing gluten|Glutenhaltiges Getreide|Céréales contenant du gluten|Cereales con gluten|Cereali contenenti glutine|ธัญพืชที่มีกลูเตน|حبوب تحتوي على الغلوتين|グルテンを含む穀物|含麸质的谷物|글루텐 함유 곡물',
  ),
  crustaceans: names('Crustaceans|Krebstiere|Crustacés|Crustáceos|Crostacei|สัตว์น้ำเปลือกแข็ง|قشريات|甲殻類|甲壳类|갑각류'),
  eggs: names('Eggs|Eier|Œufs|Huevos|Uova|ไข่|بيض|卵|鸡蛋|달걀'),
  fish: names('Fish|Fisch|Poisson|Pescado|Pesce|ปลา|سمك|魚|鱼|생선'),
  peanuts: names('Peanuts|Erdnüsse|Arachides|Cacahuetes|Arachidi|ถั่วลิสง|فول سوداني|落花生|花生|땅콩'),
  soybeans: names('Soybeans|Sojabohnen|Soja|Soja|Soia|ถั่วเหลือง|فول الصويا|大豆|大豆|대두'),
  milk: names('Milk|Milch|Lait|Leche|Latte|นม|حليب|乳|牛奶|우유'),
  nuts: names(
    'Nuts|Schalenfrüchte|Fruits à coque|Frutos de cáscara|Frutta a guscio|ถั่วเปลือกแข็ง|مكسرات|ナッツ類|坚果|견과류',
  ),
  celery: names('Celery|Sellerie|Céleri|Apio|Sedano|ขึ้นฉ่าย|كرفس|セロリ|芹菜|셀러리'),
  mustard: names('Mustard|Senf|Moutarde|Mostaza|Senape|มัสตาร์ด|خردل|マスタード|芥末|겨자'),
  sesame: names('Sesame|Sesam|Sésame|Sésamo|Sesamo|งา|سمسم|ごま|芝麻|참깨'),
  sulphites: names(
    'Sulphur dioxide and sulphites|Schwefeldioxid und Sulfite|Anhydride sulfureux et sulfites|Dióxido de azufre y sulfitos|Anidride solforosa e solfiti|ซัลเฟอร์ไดออกไซด์และซัลไฟต์|ثاني أكسيد الكبريت والكبريتيت|二酸化硫黄と亜硫酸塩|二氧化硫和亚硫酸盐|이산화황과 아황산염',
  ),
  lupin: names('Lupin|Lupinen|Lupin|Altramuces|Lupini|ลูพิน|ترمس|ルピナス|羽扇豆|루핀'),
  molluscs: names('Molluscs|Weichtiere|Mollusques|Moluscos|Molluschi|หอยและหมึก|رخويات|軟体動物|软体动物|연체동물'),
};

export const DIET_TAG_NAMES: Record<DietTag, Names> = {
  vegan: names('Vegan|Vegan|Végan|Vegano|Vegano|วีแกน|نباتي صرف|ヴィーガン|纯素|비건'),
  vegetarian: names('Vegetarian|Vegetarisch|Végétarien|Vegetariano|Vegetariano|มังสวิรัติ|نباتي|ベジタリアン|素食|채식'),
  pescatarian: names(
    'Pescatarian|Pescetarisch|Pescétarien|Pescetariano|Pescetariano|เพสคาทาเรียน|نباتي مع السمك|ペスカタリアン|鱼素|페스코 채식',
  ),
  halal: names('Halal|Halal|Halal|Halal|Halal|ฮาลาล|حلال|ハラール|清真|할랄'),
  kosher: names('Kosher|Koscher|Casher|Kosher|Kosher|โคเชอร์|كوشر|コーシャ|犹太洁食|코셔'),
  gluten_free: names(
    'Gluten-free|Glutenfrei|Sans gluten|Sin gluten|Senza glutine|ปราศจากกลูเตน|خالٍ من الغلوتين|グルテンフリー|无麸质|글루텐 프리',
  ),
  lactose_free: names(
    'Lactose-free|Laktosefrei|Sans lactose|Sin lactosa|Senza lattosio|ปราศจากแลคโตส|خالٍ من اللاكتوز|ラクトースフリー|无乳糖|락토스 프리',
  ),
  nut_free: names(
    'Nut-free|Ohne Nüsse|Sans fruits à coque|Sin frutos secos|Senza frutta a guscio|ปราศจากถั่ว|خالٍ من المكسرات|ナッツ不使用|无坚果|견과류 미포함',
  ),
  organic: names('Organic|Bio|Bio|Ecológico|Biologico|ออร์แกนิก|عضوي|オーガニック|有机|유기농'),
  spicy: names('Spicy|Scharf|Épicé|Picante|Piccante|เผ็ด|حار|辛い|辣|매운맛'),
};

/** Other words for the same allergen. */
export const SYNONYMS: Record<Allergen, string> = {
  gluten: 'gluten|glutine|cereals|cereal|getreide|glutenhaltig|contains gluten|gluten cereals',
  crustaceans: 'crustacean|krustentiere|krebse|krebs',
  eggs: 'egg|ei|huhnerei|oeuf|oeufs|huevo|uovo|chicken eggs',
  fish: 'fische|poissons|pescados|pesci',
  peanuts: 'peanut|erdnuss|arachide|cacahuete|cacahuate|cacahuates',
  soybeans: 'soy|soya|soja|soybean|sojabohne|soia',
  milk: 'dairy|milch und milcherzeugnisse|milchprodukte|milk products|latticini|lacteos|produits laitiers',
  nuts: 'nut|tree nuts|tree nut|nusse|nuss|shell fruits|noix|fruits a coques|nueces|frutos secos|noci',
  celery: 'celeriac|selleriesamen',
  mustard: 'senfkorner',
  sesame: 'sesame seeds|sesamsamen|graines de sesame|ajonjoli',
  sulphites:
    'sulfites|sulphite|sulfite|sulfit|sulphur dioxide|sulfur dioxide|schwefeldioxid|sulfites|sulfitos|solfiti|so2|sulphurs',
  lupin: 'lupine|lupins|altramuz|lupino',
  molluscs: 'mollusc|mollusks|mollusk|weichtier|mollusque|molusco|mollusco',
};

/** Narrower words: they say more than the allergen, so they are kept beside it. */
export const NARROWER: Partial<Record<Allergen, string>> = {
  gluten: 'wheat|weizen|ble|trigo|frumento|rye|roggen|barley|gerste|oats|oat|hafer|spelt|dinkel|kamut',
  crustaceans: 'prawns|shrimps|shrimp|prawn|lobster|crab|garnelen|hummer|crevettes|gambas|gamberi',
  milk: 'lactose|laktose|lattosio|lactosa|butter|cream|cheese|kase|sahne',
  nuts: 'almonds|almond|mandeln|hazelnuts|hazelnut|haselnusse|walnuts|walnut|walnusse|cashews|cashewnusse|pecan|pecannusse|pekannusse|pekanusse|pistachios|pistazien|macadamia',
  molluscs: 'mussels|oysters|squid|octopus|muscheln|austern|tintenfisch|moules|calamari',
};
