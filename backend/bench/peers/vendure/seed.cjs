/** Fills a running Vendure by its API, and prints what its callers need as one line of JSON. */
const [url, products, secret] = [process.env.BENCH_URL, Number(process.env.BENCH_ITEMS), process.env.BENCH_SECRET];
let token = '';

async function ask(query, variables) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(`${url}/admin-api`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  token = response.headers.get('vendure-auth-token') || token;
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const create = async (name, type, input, list = false) =>
  (await ask(`mutation ($i: ${list ? `[${type}!]!` : `${type}!`}) { made: ${name}(input: $i) { id } }`, { i: input })).made;
const named = (name, extra = {}) => [{ languageCode: 'en', name, ...extra }];

async function fill() {
  await ask(`mutation ($p: String!) { login(username: "bench", password: $p) { __typename } }`, { p: secret });
  const country = await create('createCountry', 'CreateCountryInput', { code: 'DE', enabled: true, translations: named('Germany') });
  const zone = await create('createZone', 'CreateZoneInput', { name: 'DE', memberIds: [country.id] });
  const category = await create('createTaxCategory', 'CreateTaxCategoryInput', { name: 'Standard', isDefault: true });
  const rate = { name: 'VAT', enabled: true, value: 19, categoryId: category.id, zoneId: zone.id };
  await create('createTaxRate', 'CreateTaxRateInput', rate);
  const { channels } = await ask('{ channels { items { id } } }');
  await ask('mutation ($i: UpdateChannelInput!) { updateChannel(input: $i) { __typename } }', {
    i: {
      id: channels.items[0].id,
      defaultCurrencyCode: 'EUR',
      availableCurrencyCodes: ['EUR'],
      pricesIncludeTax: true,
      defaultTaxZoneId: zone.id,
      defaultShippingZoneId: zone.id,
      trackInventory: true,
    },
  });
  const shipping = await create('createShippingMethod', 'CreateShippingMethodInput', {
    code: 'courier',
    fulfillmentHandler: 'manual-fulfillment',
    checker: { code: 'default-shipping-eligibility-checker', arguments: [{ name: 'orderMinimum', value: '0' }] },
    calculator: {
      code: 'default-shipping-calculator',
      arguments: [
        { name: 'rate', value: '300' },
        { name: 'includesTax', value: 'auto' },
        { name: 'taxRate', value: '0' },
      ],
    },
    translations: named('Courier', { description: '' }),
  });
  await create('createPaymentMethod', 'CreatePaymentMethodInput', {
    code: 'dummy',
    enabled: true,
    handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
    translations: named('Dummy', { description: '' }),
  });
  const variantIds = [];
  for (let n = 1; n <= products; n += 1) {
    const description = 'With a sauce of the house and whatever the market had this morning';
    const translations = named(`Dish number ${n}`, { slug: `dish-${n}`, description });
    const product = await create('createProduct', 'CreateProductInput', { enabled: true, translations });
    const variant = {
      productId: product.id,
      sku: `DISH-${n}`,
      price: 500 + n,
      taxCategoryId: category.id,
      stockOnHand: 100_000_000,
      trackInventory: 'TRUE',
      translations: named(`Dish number ${n}`),
    };
    variantIds.push((await create('createProductVariants', 'CreateProductVariantInput', [variant], true))[0].id);
  }
  await ask('mutation { reindex { id } }');
  for (let left = products; left > 0; await new Promise((resolve) => setTimeout(resolve, 500)))
    left = products - (await ask('{ search(input: { take: 1, groupByProduct: true }) { totalItems } }')).search.totalItems;
  console.log(JSON.stringify({ variantIds, shippingMethodId: shipping.id }));
}

fill().catch((error) => {
  console.error(error);
  process.exit(1);
});
