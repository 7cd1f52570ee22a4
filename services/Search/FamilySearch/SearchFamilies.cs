using System.Text.Json.Serialization;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Search.FamilySearch;

/// <summary>Families of any account in reach by name, e-mail and phone, as of each account's last sync.</summary>
public static class SearchFamilies
{
    /// <summary>A longer list of accounts would be most of the reply, and nobody reads it.</summary>
    const int MostAccounts = 20;

    public static void MapFamilySearch(this IEndpointRouteBuilder search) => search.MapGet("/families", Handle).WithName(nameof(SearchFamilies));

    static async Task<Results<Ok<Found>, NotFound, ValidationProblem>> Handle(string? name, string? email, string? phone, string[]? account, string[]? group, string? limit,
        Person person, DirectoryReplica directory, AccountNumbers numbers, SearchConnections connections, CancellationToken cancel)
    {
        var errors = new Dictionary<string, string[]>();
        var shown = PageQuery.Default;
        if (!string.IsNullOrEmpty(limit) && !(int.TryParse(limit, out shown) && shown is >= 1 and <= 200))
            errors["limit"] = ["Between 1 and 200."];
        if (Criteria.Read(name, email, phone, errors) is not { } criteria)
            return TypedResults.ValidationProblem(errors);

        var reach = directory.ReachOf(person);
        if (await numbers.Of(reach, account, group, cancel) is not { } reached)
            return TypedResults.NotFound();
        if (reached.Numbers.Length == 0)
            return TypedResults.Ok(new Found(0, false, [], [], 0, []));

        await using var connection = await connections.Source.OpenConnectionAsync(cancel);
        await using var batch = FamilyQueries.Batch(connection, criteria, reached, shown);
        var hits = new Hits();
        var families = new List<Family>(shown);
        await using (var rows = await batch.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
                hits.Add(rows.GetInt32(0), rows.GetInt32(1));
            await rows.NextResultAsync(cancel);
            await ReadFamilies(rows, families, hits, shown, reach, reached, cancel);
        }
        // A family that several of its guardians put into the list may leave the page short; the hits know whom to add.
        if (families.Count < shown && hits.NotShown(shown - families.Count) is { Length: > 0 } missing)
        {
            await using var rest = new NpgsqlCommand(FamilyQueries.FamiliesById, connection) { Parameters = { new() { Value = missing } } };
            await using var rows = await rest.ExecuteReaderAsync(cancel);
            await ReadFamilies(rows, families, hits, shown, reach, reached, cancel);
        }

        var counts = hits.PerAccount.OrderByDescending(count => count.Value)
            .Select(count => new AccountCount(reached.Code(count.Key), count.Value, reached.AsOf(count.Key))).ToArray();
        return TypedResults.Ok(new Found(hits.Families, hits.Rows >= FamilyQueries.MostHits, families,
            counts is { Length: <= MostAccounts } ? counts : counts[..MostAccounts], Math.Max(0, counts.Length - MostAccounts), []));
    }

    static async Task ReadFamilies(NpgsqlDataReader rows, List<Family> families, Hits hits, int shown, Reach reach, ReachedAccounts reached, CancellationToken cancel)
    {
        while (families.Count < shown && await rows.ReadAsync(cancel))
            if (hits.Show(rows.GetInt32(0)))
            {
                var account = rows.GetInt32(1);
                var code = reached.Code(account);
                families.Add(new(code, reach.Accounts[code].Name, rows.GetString(2), Array.ConvertAll(rows.GetFieldValue<string[]>(3), guardian => new GuardianName(guardian)),
                    rows.GetFieldValue<string[]>(4), rows.GetFieldValue<string[]>(5), rows.GetBoolean(6), reached.AsOf(account)));
            }
    }

    /// <summary>Families found, each counted once however many of its guardians or numbers matched.</summary>
    sealed class Hits
    {
        readonly Dictionary<int, bool> shownByFamily = [];

        public Dictionary<int, int> PerAccount { get; } = [];
        public int Rows { get; private set; }
        public int Families => shownByFamily.Count;

        public void Add(int family, int account)
        {
            Rows++;
            if (shownByFamily.TryAdd(family, false))
                PerAccount[account] = PerAccount.GetValueOrDefault(account) + 1;
        }

        /// <returns>False where the family is in the list already.</returns>
        public bool Show(int family)
        {
            if (shownByFamily.TryGetValue(family, out var shown) && shown)
                return false;
            shownByFamily[family] = true;
            return true;
        }

        public int[] NotShown(int most) => [.. shownByFamily.Where(family => !family.Value).Select(family => family.Key).Take(most)];
    }

    /// <param name="Total">Families, not more than about 1,200: then <paramref name="TotalIsCapped"/> says that there are more.</param>
    /// <param name="Accounts">The accounts with the most hits; <paramref name="MoreAccounts"/> is how many others have some.</param>
    /// <param name="Near">Families with a similar name, where the exact name finds none.</param>
    public sealed record Found(int Total, bool TotalIsCapped, IReadOnlyList<Family> Families, IReadOnlyList<AccountCount> Accounts, int MoreAccounts, IReadOnlyList<NearFamily> Near);

    public record Family(string Account, string AccountName, string FamilyId, GuardianName[] Guardians, string[] Emails, string[] Phones, bool Active, DateTimeOffset? AsOf);

    public sealed record NearFamily(string Account, string AccountName, string FamilyId, GuardianName[] Guardians, string[] Emails, string[] Phones, bool Active, DateTimeOffset? AsOf, string Why)
        : Family(Account, AccountName, FamilyId, Guardians, Emails, Phones, Active, AsOf);

    public sealed record GuardianName(string Name);

    public sealed record AccountCount(string Account, int Count, DateTimeOffset? AsOf);
}

/// <summary>Written by generated code: no reflection on the path of a search.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SearchFamilies.Found))]
sealed partial class SearchJson : JsonSerializerContext;
