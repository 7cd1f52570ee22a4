namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// FIN-6: charges by charge date, and charges deleted in the range with the opposite sign, so that a charge made in January and deleted in
/// February is in both and months add up. Each row has its charge's date; "Deleted on" says when it was deleted, "Entered later" when it
/// was entered if that was after its date. With these three dates it explains what changes in FIN-1 (docs/account-api.md). Paid and
/// remaining are as of the last day, or including everything collected since.
/// </summary>
static class Fin6CategoryList
{
    public static readonly Report Report = new()
    {
        Code = "FIN-6",
        OrderBy = "date, id, sign desc",
        Sql = """
            with listed as (
              select c.*, 1 as sign from charge c where account = @account and charge_date between @from and @to
              union all
              -- Deleted before its own date, it is gone on that date.
              select c.*, -1 from charge c
              where account = @account and deleted_at < @end
                and greatest(charge_date, (deleted_at at time zone @zone)::date) between @from and @to
            )
            select c.charge_date as date, f.name as family, f.id::text as family_id, s.first_name || ' ' || s.last_name as student,
              p.name as program, k.name as charge_category, c.description,
              sign * c.amount as amount, sign * c.tax as tax,
              case when c.deleted_at < @end then 'Deleted' when paid >= c.amount + c.tax then 'Paid' when paid > 0 then 'Partly paid'
                else 'Unpaid' end as status,
              sign * (c.amount + c.tax - coalesce(paid, 0)) as remaining,
              case when c.deleted_at < @end then (c.deleted_at at time zone @zone)::date end as deleted_on,
              case when entered > c.charge_date then entered end as entered_later, c.id, sign
            from listed c
            cross join lateral (select (c.created_at at time zone @zone)::date as entered) e
            join family f on f.account = c.account and f.id = c.family
            join charge_category k on k.account = c.account and k.id = c.category
            left join student s on s.account = c.account and s.id = c.student
            left join program p on p.account = c.account and p.id = c.program
            left join (
              select charge, sum(amount) as paid from application
              where account = @account and (coalesce(@allCollected, false) or at < @end) group by charge
            ) a on a.charge = c.id
            where (@category is null or k.name = @category) and (@program is null or p.name = @program)
              and (@family is null or f.id::text = @family or strpos(lower(f.name), lower(@family)) > 0)
            """
    };
}
