import type { CategoryInput, MenuItemInput, ModifierGroupInput, TaxInput } from '../menu/menuInputs.js';

type Keyed<T> = T & { key: string };
type DemoItem = Omit<MenuItemInput, 'categoryId' | 'taxIds' | 'modifierGroupIds'> & {
  taxes: string[];
  groups?: string[];
};

interface DemoMenu {
  taxes: Keyed<TaxInput>[];
  modifierGroups: Keyed<ModifierGroupInput>[];
  categories: (CategoryInput & { items: DemoItem[] })[];
}

const choice = (name: string, price: number) => ({ name, price, maxQuantity: 2, isAvailable: true });
const FOOD = ['food-in', 'food-away'];

/** Invented data. Prices in cents. */
export const DEMO_MENU: DemoMenu = {
  taxes: [
    { key: 'food-in', name: 'VAT food', rate: '19', inclusive: true, orderTypes: ['dine_in'] },
    {
      key: 'food-away',
      name: 'VAT food, reduced',
      rate: '7',
      inclusive: true,
      orderTypes: ['takeaway', 'delivery', 'catering'],
    },
    { key: 'drinks', name: 'VAT drinks', rate: '19', inclusive: true, orderTypes: [] },
  ],
  modifierGroups: [
    {
      key: 'toppings',
      name: 'Toppings',
      minSelections: 0,
      maxSelections: 5,
      freeSelections: 1,
      modifiers: [choice('Olives', 100), choice('Rocket', 120), choice('Burrata', 390), choice('Anchovies', 180)],
    },
    {
      key: 'milk',
      name: 'Milk',
      minSelections: 1,
      maxSelections: 1,
      freeSelections: 0,
      modifiers: [choice('Whole milk', 0), choice('Oat milk', 50)],
    },
  ],
  categories: [
    {
      name: 'Starters',
      position: 1,
      items: [
        { name: 'Lemon soup', price: 690, taxes: FOOD, station: 'kitchen', allergens: ['celery'] },
        { name: 'Bruschetta', price: 790, taxes: FOOD, station: 'kitchen', allergens: ['gluten'] },
      ],
    },
    {
      name: 'Pizza',
      position: 2,
      items: [
        {
          name: 'Margherita',
          price: 1100,
          taxes: FOOD,
          groups: ['toppings'],
          station: 'oven',
          allergens: ['gluten', 'milk'],
          variants: [
            { name: 'Regular', price: 1100 },
            { name: 'Large', price: 1450 },
          ],
        },
        {
          name: 'Pizza Limone',
          price: 1390,
          taxes: FOOD,
          groups: ['toppings'],
          station: 'oven',
          allergens: ['gluten', 'milk'],
        },
        {
          name: 'Truffle pizza',
          description: 'Ten a day.',
          price: 2290,
          taxes: FOOD,
          station: 'oven',
          allergens: ['gluten', 'milk'],
          availability: { remaining: 10 },
        },
      ],
    },
    {
      name: 'Lunch',
      position: 3,
      schedules: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '11:30', to: '14:30' }],
      items: [{ name: 'Pasta of the day', price: 990, taxes: FOOD, station: 'kitchen', allergens: ['gluten', 'egg'] }],
    },
    {
      name: 'Drinks',
      position: 4,
      items: [
        { name: 'Cappuccino', price: 360, taxes: ['drinks'], groups: ['milk'], station: 'bar', allergens: ['milk'] },
        {
          name: 'House lemonade',
          price: 450,
          taxes: ['drinks'],
          station: 'bar',
          variants: [
            { name: '0.3 l', price: 450 },
            { name: '0.5 l', price: 620 },
          ],
        },
      ],
    },
  ],
};
