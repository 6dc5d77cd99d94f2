/** Tools that propose a write. A person confirms it, or nothing happens. */
import type { Proposal, ProposalAction } from '../../domain/assistant/assistant.js';
import { type Proposals, PROPOSED_ARGS, PROPOSED_SCOPES } from './Proposals.js';
import { type Tool, tool } from './tool.js';

const DESCRIPTIONS: Record<ProposalAction, string> = {
  set_availability: 'Propose to take a menu item off the menu (86), or to put it back.',
  set_price: 'Propose a new price of a menu item, in minor units.',
  draft_purchase_order: 'Propose a draft of a purchase order at one supplier.',
  open_stock_count: 'Propose to open a stock count of some inventory items.',
};

/** @param onProposal gets each proposal of the turn. */
export function proposingTools(proposals: Proposals, onProposal: (proposal: Proposal) => void): Tool[] {
  const propose = (name: ProposalAction) =>
    tool({
      name: `propose_${name}`,
      description: `${DESCRIPTIONS[name]} Nothing changes until the person confirms it.`,
      scope: PROPOSED_SCOPES[name],
      args: PROPOSED_ARGS[name],
      isProposal: true,
      run: async ({ call }, args) => {
        const proposal = await proposals.make(call, name, args);
        onProposal(proposal);
        const { subject, diff, expiresAt } = proposal;
        return {
          data: { proposed: true, subject, diff, expiresAt },
          figures: {},
          href: '/v1/assistant/proposals',
          domains: [],
        };
      },
    });
  return [
    propose('set_availability'),
    propose('set_price'),
    propose('draft_purchase_order'),
    propose('open_stock_count'),
  ];
}
