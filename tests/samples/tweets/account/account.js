window.YTD.account.part0 = [
  {
    "account": {
      "email": "tubs@example.com",
      "createdVia": "web",
      "username": "tubs_renn",
      "accountId": "4711",
      "createdAt": "2011-03-04T05:06:07.000Z",
      "accountDisplayName": "Tobias Renn"
    }
  }
]
