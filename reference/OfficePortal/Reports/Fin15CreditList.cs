namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// FIN-15: credits without a payment (goodwill, scholarships, referrals), by their date; a credit that is taken back is a row of its own
/// date and sign.
/// </summary>
static class Fin15CreditList
{
    public static readonly Report Report = new()
    {
        Code = "FIN-15",
        OrderBy = "at, id, step",
        Sql = """
            with moved as (
              select id, 0 as step, family, type, amount, at, made_by, 'Given' as status
              from credit where account = @account and at >= @start and at < @end
              union all
              select id, 1, family, type, -amount, deleted_at, deleted_by, 'Deleted'
              from credit where account = @account and deleted_at >= @start and deleted_at < @end
            )
            select (m.at at time zone @zone)::date as date, m.type as credit_type, m.amount, f.name as family, f.id::text as family_id,
              m.status, coalesce(s.name, m.made_by) as staff, m.at, m.id, m.step
            from moved m
            join family f on f.account = @account and f.id = m.family
            left join staff s on s.account = f.account and s.email = m.made_by
            where (cardinality(@creditTypes) = 0 or m.type = any(@creditTypes))
              and (@family is null or f.id::text = @family or strpos(lower(f.name), lower(@family)) > 0)
            """
    };
}
