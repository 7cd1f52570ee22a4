namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// FIN-4: money by when and where it was applied. A payment received in the range is split into the programs' shares and the rows of "Not
/// Applied": Unapplied, Refunds, Voided, Deleted. So these rows and the programs together are the payments received, to the cent. The
/// second section moves money received before the range from one row to another (applied now, refunded now) and adds up to zero: months add
/// up to the year. Failed payments were never received. Credits (goodwill …) count like money if the report includes their types. A row
/// with only zeros is left out.
/// </summary>
static class Fin4ProgramDepositSplit
{
    public static readonly Report Report = new()
    {
        Code = "FIN-4",
        SubtotalBy = "Program",
        OrderBy = "section_order, program_order, program, row_order, charge_category",
        Sql = """
            with money as (
              select id as payment, null::bigint as credit, method, received_at as at, amount from payment
                where account = @account and status = 'received' and received_at < @end
              union all
              select null, id, 'credit', at, amount from credit where account = @account and type = any(@creditTypes) and at < @end
            ),
            -- What left the money again without reaching a program; amounts signed as the money sees them.
            undone as (
              select payment, null::bigint as credit, at, amount, case kind when 'void' then 'Voided' when 'delete' then 'Deleted'
                else 'Refunds' end as kind
              from payment_event where account = @account and at >= @start and at < @end
              union all
              select null, id, deleted_at, -amount, 'Deleted' from credit
                where account = @account and deleted_at >= @start and deleted_at < @end
            ),
            applied as (
              select m.at, m.method, p.name as program, k.name as category, a.amount, a.tax
              from application a
              join money m on a.payment = m.payment
              join charge c on c.account = a.account and c.id = a.charge
              left join program p on p.account = c.account and p.id = c.program
              join charge_category k on k.account = c.account and k.id = c.category
              where a.account = @account and a.at >= @start and a.at < @end
              union all
              select m.at, m.method, p.name, k.name, a.amount, a.tax
              from application a
              join money m on a.credit = m.credit
              join charge c on c.account = a.account and c.id = a.charge
              left join program p on p.account = c.account and p.id = c.program
              join charge_category k on k.account = c.account and k.id = c.category
              where a.account = @account and a.at >= @start and a.at < @end
            ),
            -- Every row that takes money from Unapplied gives it to another row: that is the identity.
            piece as (
              select at, method, 2 as program_order, 'Not Applied' as program, 0 as row_order, 'Unapplied' as category, amount, 0.00 as tax
                from money where at >= @start
              union all
              select m.at, m.method, 2, 'Not Applied', 0, 'Unapplied', u.amount, 0 from undone u join money m on m.payment = u.payment
              union all
              select m.at, m.method, 2, 'Not Applied', 1, u.kind, -u.amount, 0 from undone u join money m on m.payment = u.payment
              union all
              select m.at, m.method, 2, 'Not Applied', 0, 'Unapplied', u.amount, 0 from undone u join money m on m.credit = u.credit
              union all
              select m.at, m.method, 2, 'Not Applied', 1, u.kind, -u.amount, 0 from undone u join money m on m.credit = u.credit
              union all
              select at, method, 2, 'Not Applied', 0, 'Unapplied', -amount, 0 from applied
              union all
              select at, method, case when program is null then 1 else 0 end, coalesce(program, 'No Program'), 0, category, amount,
                tax from applied
            ),
            split as (
              select case when at >= @start then 0 else 1 end as section_order,
                case when at >= @start then 'Received in range' else 'Adjustments to payments received before' end as section, piece.*
              from piece
              union all
              select 2, 'Failed', received_at, method, 2, 'Not Applied', 0, 'Failed', amount, 0 from payment
              where account = @account and status = 'failed' and received_at >= @start and received_at < @end
            ),
            summed as (
              select section, program, category as charge_category, sum(amount) as total, sum(tax) as taxes,
                coalesce(sum(amount) filter (where method = 'cash'), 0) as cash,
                coalesce(sum(amount) filter (where method = 'check'), 0) as "check",
                coalesce(sum(amount) filter (where method = 'card'), 0) as card,
                coalesce(sum(amount) filter (where method = 'bank'), 0) as bank,
                coalesce(sum(amount) filter (where method = 'credit'), 0) as credit, section_order, program_order, row_order
              from split group by section, section_order, program, program_order, category, row_order
            )
            -- What came and went again within each method says nothing.
            select * from summed where (total, taxes, cash, "check", card, bank, credit) <> (0, 0, 0, 0, 0, 0, 0)
            """
    };
}
