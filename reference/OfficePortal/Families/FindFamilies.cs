using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Families;

/// <summary>The FAMILIES page. The portal opens it with the terms of a search there: <c>families?name=&amp;email=&amp;phone=</c>.</summary>
public static class FindFamilies
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/families", Handle).Needs("families.view");

    static async Task<RazorComponentResult<FamiliesPage>> Handle(string? name, string? email, string? phone, int? page,
        Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock, CancellationToken cancel)
    {
        var (terms, problem) = FamilyTerms.Read(name, email, phone, account.Country);
        var number = Paging.Number(page);
        var found = problem is null ? await Find(account, terms, number, db, clock, cancel) : new(0, []);
        if (problem is null)
            await audit.Write(account, session, terms.Any ? "Searched families" : "Listed families", InWords(terms, name, found.Total));
        return new(new
        {
            Name = name,
            Email = email,
            Phone = phone,
            Terms = terms,
            Problem = problem,
            Found = found,
            Page = number
        });
    }

    static async Task<FoundFamilies> Find(
        Account account, FamilyTerms terms, int page, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(Sql);
        command.Parameters.AddWithValue("account", account.Code);
        var named = (object?)await Named(account, terms, db, cancel) ?? DBNull.Value;
        command.Parameters.AddWithValue("named", NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bigint, named);
        command.Parameters.AddWithValue("email", NpgsqlTypes.NpgsqlDbType.Text, (object?)terms.Email ?? DBNull.Value);
        command.Parameters.AddWithValue("phone", NpgsqlTypes.NpgsqlDbType.Text, (object?)terms.Phone ?? DBNull.Value);
        command.Parameters.AddWithValue("today", account.Today(clock));
        command.Parameters.AddWithValue("take", Paging.Size);
        command.Parameters.AddWithValue("skip", Paging.Skip(page));
        await using var row = await command.ExecuteReaderAsync(cancel);
        var (total, families) = (0, new List<FoundFamily>());
        while (await row.ReadAsync(cancel))
        {
            var family = PortalFamily.Read(row);
            families.Add(new(family.Id, row.GetString(6), family.Guardians, family.Emails, family.Phones, family.Active));
            total = row.GetInt32(7);
        }
        return new(total, families);
    }

    /// <summary>
    /// Families of a guardian with that name. Compared here: SQL would need a second copy of the rule, and reads every guardian as well.
    /// </summary>
    static async Task<long[]?> Named(Account account, FamilyTerms terms, NpgsqlDataSource db, CancellationToken cancel)
    {
        if (terms.Words is null)
            return null;
        await using var command = db.CreateCommand("select family, first_name || ' ' || last_name from guardian where account = $1");
        command.Parameters.AddWithValue(account.Code);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var families = new HashSet<long>();
        while (await row.ReadAsync(cancel))
            if (terms.Name(row.GetString(1)))
                families.Add(row.GetInt64(0));
        return [.. families];
    }

    // The name may match one guardian and the phone another.
    const string Sql = $"""
        select shown.*, f.name, total from (
          select f.account, f.id, count(*) over ()::int as total from family f
          where f.account = @account and f.erased_at is null
            and (@email is null or exists (select from email e
              where e.account = f.account and e.family = f.id and starts_with(lower(e.email), @email)))
            and (@phone is null or exists (select from phone p
              where p.account = f.account and p.family = f.id and p.phone like '%' || @phone))
            and (@named::bigint[] is null or f.id = any(@named))
          order by lower(f.name), f.id limit @take offset @skip) found
        join family f on f.account = found.account and f.id = found.id,
        lateral ({PortalFamily.Select} where f.account = found.account and f.id = found.id) shown
        order by lower(f.name), f.id
        """;

    /// <summary>For the Audit Log, which many people read: of a number only the last four digits.</summary>
    static string InWords(FamilyTerms terms, string? name, int total) => string.Join(", ", new[]
    {
        $"{total} {(total == 1 ? "family" : "families")}",
        terms.Words is null ? null : $"name {name!.Trim()}", terms.Email is null ? null : $"e-mail {terms.Email}",
        terms.Phone is null ? null : $"phone ending {terms.Phone[^4..]}"
    }.OfType<string>());
}

public sealed record FoundFamilies(int Total, IReadOnlyList<FoundFamily> Families);

public sealed record FoundFamily(
    string Id, string Name, IReadOnlyList<Guardian> Guardians, IReadOnlyList<string> Emails, IReadOnlyList<string> Phones, bool Active);
