using Dapper;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Ledger;

/// <summary>
/// One family's money during a change: the family's row is locked, so that two people at the counter never spend the same payment twice.
/// Append-only; money taken off a charge is a row with the opposite sign.
/// </summary>
sealed class FamilyLedger(NpgsqlConnection connection, string account, long family, DateTimeOffset now)
{
    /// <returns>null if there is no such family. Call inside a transaction.</returns>
    public static async Task<FamilyLedger?> Lock(NpgsqlConnection connection, string account, long family, DateTimeOffset now) =>
        await connection.ExecuteScalarAsync<long?>(
            "select id from family where account = @account and id = @family and erased_at is null for update", new
                { account, family }) is null
            ? null : new(connection, account, family, now);

    /// <summary>Applies money that is on no charge to the oldest open charges.</summary>
    public async Task Spend()
    {
        var charges = await Charges();
        foreach (var money in await connection.QueryAsync<Money>("""
            select id as payment, null::bigint as credit, amount
              + coalesce((select sum(e.amount) from payment_event e where e.account = p.account and e.payment = p.id), 0)
              - coalesce((select sum(a.amount) from application a where a.account = p.account and a.payment = p.id), 0) as open
            from payment p where account = @account and family = @family and status = 'received'
            union all
            select null, id, amount - coalesce((select sum(a.amount) from application a where a.account = c.account and a.credit = c.id), 0)
            from credit c where account = @account and family = @family and deleted_at is null
            order by 1 nulls first, 2
            """, new { account, family }))
        {
            var left = money.Open;
            foreach (var charge in charges.Where(charge => charge.Open > 0))
            {
                var amount = Math.Min(left, charge.Open);
                if (amount <= 0)
                    break;
                left -= amount;
                await Apply(money.Payment, money.Credit, charge, amount);
            }
        }
    }

    /// <summary>Takes the amount back from the payment: first its unapplied money, then from the newest charges it paid.</summary>
    public async Task TakeBack(long payment, decimal amount)
    {
        var free = await connection.ExecuteScalarAsync<decimal>("""
            select amount + coalesce((select sum(e.amount) from payment_event e where e.account = p.account and e.payment = p.id), 0)
              - coalesce((select sum(a.amount) from application a where a.account = p.account and a.payment = p.id), 0)
            from payment p where account = @account and id = @payment
            """, new { account, payment });
        amount -= Math.Min(free, amount);
        var charges = await Charges();
        foreach (var paid in await connection.QueryAsync<Paid>("""
            select charge, sum(amount) as amount from application
              where account = @account and payment = @payment group by charge having sum(amount) > 0 order by charge desc
            """, new { account, payment }))
        {
            var taken = Math.Min(amount, paid.Amount);
            if (taken <= 0)
                return;
            amount -= taken;
            await Apply(payment, null, charges.Single(charge => charge.Id == paid.Charge), -taken);
        }
    }

    /// <summary>Takes everything paid on a charge off it.</summary>
    public async Task Clear(long charge)
    {
        var cleared = (await Charges()).Single(known => known.Id == charge);
        foreach (var paid in await connection.QueryAsync<Money>("""
            select payment, credit, sum(amount) as open from application
              where account = @account and charge = @charge group by payment, credit having sum(amount) > 0
            """, new { account, charge }))
            await Apply(paid.Payment, paid.Credit, cleared, -paid.Open);
    }

    async Task<List<Owed>> Charges() => (await connection.QueryAsync<Owed>("""
        select c.id, c.amount + c.tax as total, c.tax, coalesce(a.paid, 0) as paid, coalesce(a.paid_tax, 0) as paid_tax
        from charge c, lateral (select sum(amount) as paid, sum(tax) as paid_tax from application a
          where a.account = c.account and a.charge = c.id) a
        where c.account = @account and c.family = @family and c.deleted_at is null order by c.due_date, c.id
        """, new { account, family })).AsList();

    async Task Apply(long? payment, long? credit, Owed charge, decimal amount)
    {
        // Tax goes with the paid part, and the last part absorbs the rounding.
        var tax = amount == charge.Open ? charge.Tax - charge.PaidTax : amount == -charge.Paid ? -charge.PaidTax
            : Math.Round(charge.Tax * amount / charge.Total, 2);
        (charge.Paid, charge.PaidTax) = (charge.Paid + amount, charge.PaidTax + tax);
        await connection.ExecuteAsync(
            "insert into application (account, payment, credit, charge, amount, tax, at) values (@account, @payment, @credit, @Id, "
            + "@amount, @tax, @now)",
            new { account, payment, credit, charge.Id, amount, tax, now });
    }

    sealed record Money(long? Payment, long? Credit, decimal Open);

    sealed record Paid(long Charge, decimal Amount);

    sealed class Owed
    {
        public long Id { get; init; }
        public decimal Total { get; init; }
        public decimal Tax { get; init; }
        public decimal Paid { get; set; }
        public decimal PaidTax { get; set; }
        public decimal Open => Total - Paid;
    }
}
