/** Run by `medusa exec`: one region, shipping option, key and the products. Writes seed.json. */
const fs = require('node:fs');
const { ContainerRegistrationKeys, Modules } = require('@medusajs/framework/utils');
const flows = require('@medusajs/medusa/core-flows');

const products = Number(process.env.BENCH_ITEMS);

exports.default = async function fill({ container }) {
  const link = container.resolve(ContainerRegistrationKeys.LINK);
  const run = async (name, input) => (await flows[name](container).run({ input })).result;

  const [channel] = await run('createSalesChannelsWorkflow', { salesChannelsData: [{ name: 'bench' }] });
  const [store] = await container.resolve(Modules.STORE).listStores();
  const currencies = [{ currency_code: 'eur', is_default: true }];
  const update = { supported_currencies: currencies, default_sales_channel_id: channel.id };
  if (store) await run('updateStoresWorkflow', { selector: { id: store.id }, update });
  else await run('createStoresWorkflow', { stores: [{ name: 'bench', ...update }] });
  const [region] = await run('createRegionsWorkflow', {
    regions: [
      {
        name: 'DE',
        currency_code: 'eur',
        countries: ['de'],
        payment_providers: ['pp_system_default'],
        automatic_taxes: true,
      },
    ],
  });
  const vat = { name: 'VAT', code: 'vat', rate: 19 };
  await run('createTaxRegionsWorkflow', [{ country_code: 'de', provider_id: 'tp_system', default_tax_rate: vat }]);

  const [location] = await run('createStockLocationsWorkflow', {
    locations: [{ name: 'kitchen', address: { city: 'Berlin', country_code: 'DE', address_1: 'x' } }],
  });
  const atLocation = { [Modules.STOCK_LOCATION]: { stock_location_id: location.id } };
  await link.create({ ...atLocation, [Modules.FULFILLMENT]: { fulfillment_provider_id: 'manual_manual' } });
  const fulfillment = container.resolve(Modules.FULFILLMENT);
  let [profile] = await fulfillment.listShippingProfiles({ type: 'default' });
  if (!profile)
    [profile] = await run('createShippingProfilesWorkflow', { data: [{ name: 'default', type: 'default' }] });
  const set = await fulfillment.createFulfillmentSets({
    name: 'delivery',
    type: 'shipping',
    service_zones: [{ name: 'DE', geo_zones: [{ country_code: 'de', type: 'country' }] }],
  });
  await link.create({ ...atLocation, [Modules.FULFILLMENT]: { fulfillment_set_id: set.id } });
  const [option] = await run('createShippingOptionsWorkflow', [
    {
      name: 'courier',
      price_type: 'flat',
      provider_id: 'manual_manual',
      service_zone_id: set.service_zones[0].id,
      shipping_profile_id: profile.id,
      type: { label: 'courier', description: 'courier', code: 'courier' },
      prices: [{ currency_code: 'eur', amount: 3 }],
      rules: [
        { attribute: 'enabled_in_store', value: 'true', operator: 'eq' },
        { attribute: 'is_return', value: 'false', operator: 'eq' },
      ],
    },
  ]);
  await run('linkSalesChannelsToStockLocationWorkflow', { id: location.id, add: [channel.id] });
  const [key] = await run('createApiKeysWorkflow', {
    api_keys: [{ title: 'bench', type: 'publishable', created_by: '' }],
  });
  await run('linkSalesChannelsToApiKeyWorkflow', { id: key.id, add: [channel.id] });

  const made = await run('createProductsWorkflow', {
    products: Array.from({ length: products }, (_, n) => ({
      title: `Dish number ${n}`,
      handle: `dish-${n}`,
      status: 'published',
      description: 'With a sauce of the house and whatever the market had this morning',
      shipping_profile_id: profile.id,
      options: [{ title: 'Size', values: ['Regular'] }],
      variants: [
        {
          title: 'Regular',
          sku: `DISH-${n}`,
          options: { Size: 'Regular' },
          manage_inventory: true,
          prices: [{ amount: 5 + n / 100, currency_code: 'eur' }],
        },
      ],
      sales_channels: [{ id: channel.id }],
    })),
  });
  const items = await container.resolve(Modules.INVENTORY).listInventoryItems({}, { take: products + 100 });
  await run('createInventoryLevelsWorkflow', {
    inventory_levels: items.map(({ id }) => ({
      inventory_item_id: id,
      location_id: location.id,
      stocked_quantity: 100_000_000,
    })),
  });
  const seed = { publishableKey: key.token, regionId: region.id, shippingOptionId: option.id };
  fs.writeFileSync('seed.json', JSON.stringify({ ...seed, variantIds: made.map(({ variants }) => variants[0].id) }));
};
