-- What the shop's customers have and what they have paid: the same in every committed state.
SELECT (SELECT sum(balance) FROM customers) + (SELECT sum(amount) FROM payments) AS total
