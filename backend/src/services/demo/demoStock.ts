/** The stock of the demo menu. Invented data. */
import type { ItemInput } from '../inventory/itemRules.js';

type Taken = [ingredient: string, quantity: string, unit: string];

export interface DemoRecipe {
  /** Names of the demo menu: item, variant and modifier. */
  item?: string;
  variant?: string;
  modifier?: string;
  lines: Taken[];
}

/** `unitCost` in minor units per stock unit. One item is below its reorder point. */
export const DEMO_INGREDIENTS: (ItemInput & { name: string })[] = [
  { name: 'Flour', unit: 'kg', openingQuantity: '40', unitCost: '95', reorderPoint: '15' },
  { name: 'Tomatoes', unit: 'kg', openingQuantity: '24', unitCost: '240', reorderPoint: '8' },
  { name: 'Mozzarella', unit: 'kg', openingQuantity: '14', unitCost: '820', reorderPoint: '5' },
  { name: 'Burrata', unit: 'piece', openingQuantity: '5', unitCost: '180', reorderPoint: '6' },
  { name: 'Olives', unit: 'kg', openingQuantity: '3', unitCost: '690', reorderPoint: '1' },
  { name: 'Rocket', unit: 'kg', openingQuantity: '1.5', unitCost: '900', reorderPoint: '0.5' },
  { name: 'Truffle', unit: 'g', openingQuantity: '180', unitCost: '65', reorderPoint: '60' },
  { name: 'Bread', unit: 'piece', openingQuantity: '30', unitCost: '60', reorderPoint: '10' },
  { name: 'Lemons', unit: 'piece', openingQuantity: '120', unitCost: '30', reorderPoint: '40' },
  { name: 'Coffee beans', unit: 'kg', openingQuantity: '6', unitCost: '1800', reorderPoint: '2' },
  { name: 'Milk', unit: 'l', openingQuantity: '20', unitCost: '110', reorderPoint: '8' },
  { name: 'Oat milk', unit: 'l', openingQuantity: '10', unitCost: '170', reorderPoint: '4' },
];

/** Items without a recipe here are not tracked in stock. */
export const DEMO_RECIPES: DemoRecipe[] = [
  { item: 'Lemon soup', lines: [['Lemons', '1.5', 'piece']] },
  {
    item: 'Bruschetta',
    lines: [
      ['Bread', '1', 'piece'],
      ['Tomatoes', '150', 'g'],
    ],
  },
  {
    item: 'Margherita',
    lines: [
      ['Flour', '180', 'g'],
      ['Tomatoes', '120', 'g'],
      ['Mozzarella', '110', 'g'],
    ],
  },
  {
    item: 'Margherita',
    variant: 'Large',
    lines: [
      ['Flour', '260', 'g'],
      ['Tomatoes', '180', 'g'],
      ['Mozzarella', '160', 'g'],
    ],
  },
  {
    item: 'Pizza Limone',
    lines: [
      ['Flour', '180', 'g'],
      ['Mozzarella', '110', 'g'],
      ['Lemons', '1', 'piece'],
    ],
  },
  {
    item: 'Truffle pizza',
    lines: [
      ['Flour', '180', 'g'],
      ['Mozzarella', '110', 'g'],
      ['Truffle', '6', 'g'],
    ],
  },
  { item: 'Cappuccino', lines: [['Coffee beans', '9', 'g']] },
  { item: 'House lemonade', lines: [['Lemons', '2', 'piece']] },
  { modifier: 'Burrata', lines: [['Burrata', '1', 'piece']] },
  { modifier: 'Olives', lines: [['Olives', '30', 'g']] },
  { modifier: 'Rocket', lines: [['Rocket', '20', 'g']] },
  { modifier: 'Whole milk', lines: [['Milk', '120', 'ml']] },
  { modifier: 'Oat milk', lines: [['Oat milk', '120', 'ml']] },
];
