using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Ledger;

/// <summary>A family's newest charges and payments, the open amount of each, and the choices of the forms.</summary>
public sealed record ReadLedger(IReadOnlyList<ReadLedger.Charge> Charges, IReadOnlyList<ReadLedger.Payment> Payments, decimal Balance,
    IReadOnlyList<ReadLedger.Named> Categories, IReadOnlyList<ReadLedger.Named> Programs)
{
    const int Newest = 40;

    public static async Task<ReadLedger> Of(NpgsqlConnection connection, Account account, long family)
    {
        var of = new { account.Code, family, Newest };
        return new(
            (await connection.QueryAsync<Charge>("""
                select c.id, charge_date as date, due_date as due, description, k.name as category, c.amount + c.tax as total,
                  c.amount + c.tax - coalesce((select sum(a.amount) from application a where a.account = c.account and a.charge = c.id),
                    0) as open, deleted_at is not null as deleted
                from charge c join charge_category k on k.account = c.account and k.id = c.category
                where c.account = @Code and c.family = @family order by charge_date desc, c.id desc limit @Newest
                """, of)).AsList(),
            (await connection.QueryAsync<Payment>("""
                select p.id, received_at, method, coalesce(card_brand || ' ' || card_last_four, check_number, transaction_number) as number,
                  p.amount, status, p.amount + moved as left, kinds
                from payment p, lateral (select coalesce(sum(e.amount), 0) as moved, coalesce(array_agg(distinct kind), '{}') as kinds
                  from payment_event e where e.account = p.account and e.payment = p.id) e
                where p.account = @Code and family = @family order by received_at desc, p.id desc limit @Newest
                """, of)).AsList(),
            await connection.ExecuteScalarAsync<decimal>("""
                select coalesce((select sum(amount + tax) from charge where account = @Code and family = @family and deleted_at is null), 0)
                  - coalesce((select sum(amount) from payment where account = @Code and family = @family and status = 'received'), 0)
                  - coalesce((select sum(e.amount) from payment_event e join payment p on p.account = e.account and p.id = e.payment
                    where p.account = @Code and p.family = @family), 0)
                  - coalesce((select sum(amount) from credit where account = @Code and family = @family and deleted_at is null), 0)
                """, of),
            (await connection.QueryAsync<Named>("select id, name from charge_category where account = @Code order by name", of)).AsList(),
            (await connection.QueryAsync<Named>("select id, name from program where account = @Code order by name", of)).AsList());
    }

    public sealed record Named(long Id, string Name);

    [method: ExplicitConstructor]
    public sealed record Charge(long Id, DateOnly Date, DateOnly Due, string Description, string Category, decimal Total, decimal Open,
        bool Deleted)
    {
        public string State => Deleted ? "Deleted" : Open <= 0 ? "Paid" : Open < Total ? "Partly paid" : "Unpaid";
    }

    [method: ExplicitConstructor]
    public sealed record Payment(long Id, DateTime ReceivedAt, string Method, string? Number, decimal Amount, string Status, decimal Left,
        string[] Kinds)
    {
        public bool IsOver => Status == "failed" || Kinds.Contains("delete") || Kinds.Contains("void");

        public string State => Status == "failed" ? "Failed" : Kinds.Contains("delete") ? "Deleted" : Kinds.Contains("void") ? "Void"
            : Left == 0 ? "Refunded" : Left < Amount ? "Partly refunded" : "Received";
    }
}
